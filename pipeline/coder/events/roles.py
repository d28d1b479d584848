"""Which actor a phrase stands for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from spacy.tokens import Doc, Span, Token

from pipeline.coder.document import Document
from pipeline.coder.events.arguments import listed
from pipeline.coder.numbers import number_value
from pipeline.coder.records import ActorMention, PlaceMention

# Behind these stands what a phrase is about, not who it is: "his colleague on the Iranian programme".
_TOPIC = {"on", "about", "regarding", "concerning", "over", "during", "after", "before", "since", "despite"}
GIVEN = "given"  # the link of spans that somebody asks about: what they stand for is not known
_PLACE_SCORE = 0.6  # a place says where a deed was felt, less surely by whom
_PAIR = 2
_BEFORE_WHOSE = 3  # tokens: a comma and a preposition
_DEEPEST = 4  # steps from the head of a phrase to an actor named inside of it
# In "the Syrian army's attack on Kirkuk" the actor before the noun stands closer than one behind a preposition.
_INNER = {"poss": 0, "compound": 1, "amod": 1, "nmod": 1, "appos": 1, "prep": 2, "pobj": 2, "dobj": 3}


class Roles:
    """The actor mentions of a document by token, and its places, whose countries may be acted upon."""

    def __init__(
        self,
        document: Document,
        actors: Sequence[ActorMention],
        places: Sequence[PlaceMention] = (),
        country_names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._document = document
        self._country_names = country_names
        self._at: dict[int, ActorMention] = {}
        self._place_at: dict[int, PlaceMention] = {}
        for place in places:
            span = document.doc.char_span(place.start, place.end, alignment_mode="expand")
            self._place_at.update((token.i, place) for token in span or () if place.country)
        self._name_of = dict(_named_pronouns(document, actors))
        for mention in actors:
            span = document.doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is not None:
                self._at.update((token.i, mention) for token in span)
                self._at[mention.head] = mention

    def __contains__(self, token: Token) -> bool:
        return token.i in self._at

    def inside(self, sentence: Span) -> Iterator[ActorMention]:
        """The mentions in a sentence and the members of its groups, some more than once."""
        for index in range(sentence.start, sentence.end):
            if (mention := self._at.get(index)) is not None:
                yield from mention.members or (mention,)

    def of(self, tokens: Iterable[Token]) -> list[ActorMention]:
        """The actors of phrases given by their heads, each of a list by itself, each once; of a pair both members."""
        found: dict[tuple[int, int, str | None], ActorMention] = {}
        for head in tokens:
            for token in listed(head):
                # Of a list only the head may name its actor inside: "the expulsion of diplomats, and tensions with Ukraine".
                mention = self._at.get(token.i) or (self._inside(token) if token is head else None)
                for actor in _each(mention) if mention else ():
                    actor = self._name_of.get(actor.start, actor)
                    found.setdefault((actor.start, actor.end, actor.actor_id), actor)
        return list(found.values())

    def _inside(self, head: Token) -> ActorMention | None:
        """The nearest actor named inside a phrase: "a Supreme Court decision", "the release of the captain"."""
        for child in _inner(head):
            mention = self._antecedent(child) if child.lower_ == "whose" else self._at.get(child.i)
            if mention is not None and mention.mention != "pronoun":  # "their interests" are not they
                return mention
        return None

    def country_of(self, tokens: Iterable[Token]) -> list[ActorMention]:
        """The country of the first place inside the phrases: "imposed a curfew in Srinagar" is done to people of India."""
        for head in tokens:
            for token in (head, *_inner(head)):
                if place := self._place_at.get(token.i):
                    return [_as_actor(place, self._document.doc, self._country_names)]
        return []

    def _antecedent(self, whose: Token) -> ActorMention | None:
        """The actor just before the relative clause that "whose" opens."""
        before = (index for index in range(whose.i - 1, max(whose.i - 1 - _BEFORE_WHOSE, -1), -1))
        return next((self._at[index] for index in before if index in self._at), None)


def _each(mention: ActorMention) -> tuple[ActorMention, ...]:
    """The members of a pair, or of a phrase that names each; else a group as a whole: ministers of a bloc would meet in dozens of dyads."""
    named = len({member.start for member in mention.members}) == len(mention.members)
    pair = len(mention.members) == _PAIR and number_value(mention.text) in (None, _PAIR)
    return mention.members if mention.members and (named or pair) else (mention,)


def _named_pronouns(document: Document, actors: Sequence[ActorMention]) -> Iterator[tuple[int, ActorMention]]:
    """Pronouns, by offset, that a phrase before them in their sentence stands for: in "Iran said it would" Iran is the role."""
    named: dict[tuple[int, str], ActorMention] = {}
    for mention in actors:
        if mention.actor_id is None:
            continue
        place = (document.sentence_index[mention.head], mention.actor_id)
        if mention.mention != "pronoun":
            named[place] = mention
        elif (name := named.get(place)) is not None:
            yield mention.start, replace(name, link_score=min(name.link_score, mention.link_score))


def _inner(head: Token) -> Iterator[Token]:
    """The tokens inside a phrase, nearest first, without its clauses and what it is about."""
    level = [head]
    for _ in range(_DEEPEST):
        children = [child for token in level for child in token.children if child.dep_ in _INNER and child.lower_ not in _TOPIC]
        children.sort(key=lambda child: (_INNER[child.dep_], child.i))
        yield from children
        level = children


def _as_actor(place: PlaceMention, doc: Doc, country_names: Mapping[str, str]) -> ActorMention:
    span = doc.char_span(place.start, place.end, alignment_mode="expand")
    return ActorMention(
        start=place.start,
        end=place.end,
        text=place.text,
        head=span.root.i if span is not None else 0,
        mention="name",
        actor_id=place.country if place.country in country_names else None,
        name=country_names.get(place.country or ""),
        kind="country",
        country=place.country,
        sectors=(),
        link_method="place",
        link_score=_PLACE_SCORE,
    )


def is_same(source: ActorMention | None, target: ActorMention | None) -> bool:
    """Whether both roles stand for one actor."""
    if source is None or target is None:
        return False
    overlap = source.start < target.end and target.start < source.end
    return (
        overlap
        and source.actor_id == target.actor_id
        or source.actor_id is not None
        and source.actor_id == target.actor_id
        and source.kind != "role"
    )
