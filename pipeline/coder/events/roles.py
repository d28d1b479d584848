"""Which actor a phrase stands for."""

from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from pipeline.coder.document import Document
from pipeline.coder.events.arguments import listed
from pipeline.coder.records import ActorMention

_BEFORE_WHOSE = 3  # tokens: a comma and a preposition
_DEEPEST = 4  # steps from the head of a phrase to an actor named inside of it
# In "the Syrian army's attack on Kirkuk" the actor before the noun stands closer than one behind a preposition.
_INNER = {"poss": 0, "compound": 1, "amod": 1, "nmod": 1, "appos": 1, "prep": 2, "pobj": 2, "dobj": 3}


class Roles:
    """The actor mentions of a document by token."""

    def __init__(self, document: Document, actors: Sequence[ActorMention]) -> None:
        self._at: dict[int, ActorMention] = {}
        for mention in actors:
            span = document.doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is not None:
                self._at.update((token.i, mention) for token in span)
                self._at[mention.head] = mention

    def __contains__(self, token: Token) -> bool:
        return token.i in self._at

    def of(self, tokens: Iterable[Token]) -> list[ActorMention]:
        """The actors of phrases given by their heads, each of a list by itself, each once; a group gives its members."""
        found: dict[tuple[int, int, str | None], ActorMention] = {}
        for head in tokens:
            for token in listed(head):
                mention = self._at.get(token.i) or self._inside(token)
                for actor in (mention.members or (mention,)) if mention else ():
                    found.setdefault((actor.start, actor.end, actor.actor_id), actor)
        return list(found.values())

    def _inside(self, head: Token) -> ActorMention | None:
        """The nearest actor named inside a phrase: "a Supreme Court decision", "the release of the captain"."""
        level = [head]
        for _ in range(_DEEPEST):
            children = [child for token in level for child in token.children if child.dep_ in _INNER]
            children.sort(key=lambda child: (_INNER[child.dep_], child.i))
            for child in children:
                mention = self._antecedent(child) if child.lower_ == "whose" else self._at.get(child.i)
                if mention is not None:
                    return mention
            level = children
        return None

    def _antecedent(self, whose: Token) -> ActorMention | None:
        """The actor just before the relative clause that "whose" opens."""
        before = (index for index in range(whose.i - 1, max(whose.i - 1 - _BEFORE_WHOSE, -1), -1))
        return next((self._at[index] for index in before if index in self._at), None)
