"""Pronouns: he, she, it, they by gender, number, syntax and nearness; I and we by who is quoted.

*Unsure stays open*: a pronoun is linked only where the best antecedent is clearly better than the next.
"""

from collections.abc import Mapping, Sequence

from pipeline.coder.actors.identity import Link
from pipeline.coder.actors.mentions import SUBJECTS, Mention
from pipeline.coder.syntax import Syntax

MASCULINE = frozenset({"he", "him", "his"})
FEMININE = frozenset({"she", "her", "hers"})
NEUTER = frozenset({"it", "its"})
PLURAL = frozenset({"they", "them", "their", "theirs"})
SPEAKING = frozenset({"i", "me", "my", "we", "us", "our", "ours"})
PRONOUNS = MASCULINE | FEMININE | NEUTER | PLURAL | SPEAKING
_SPEECH = frozenset(
    "say tell add ask state declare announce note explain insist stress warn argue claim write reply respond comment remark affirm admit "
    "conclude continue recall quote acknowledge assure emphasize emphasise point tweet".split()
)
# Verbs of bodies that decide: only as the subject of one does 'it' take up a country or organisation of the sentence before.
_DECIDING = _SPEECH | frozenset(
    "accuse agree announce approve ban block call cancel condemn decide decline demand deny deploy expel impose invite launch lift offer "
    "order oppose plan pledge promise propose protest refuse reject release request respond sanction seek send sign summon suspend "
    "support threaten urge vote vow want withdraw".split()
)
_FEMININE_TITLES = frozenset("mrs mrs. ms ms. miss lady dame queen princess duchess baroness madam madame sister".split())
_MASCULINE_TITLES = frozenset("mr mr. sir lord king prince sheikh sheik mullah ayatollah imam duke emir sultan brother pope".split())
_MARGIN = 0.15  # by which the best antecedent must surpass the next
_REACH = {"person": 3, "body": 1, "plural": 2}  # sentences back


class PronounLinker:
    """Finds the antecedents of pronouns among the mentions before them, and learns the gender of persons on the way."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._genders: dict[str | None, str] = {}
        self._links: dict[int, Mention | None] = {}

    def learn_gender(self, mention: Mention, genders: Mapping[str, str]) -> None:
        """Takes the gender of a named person from a title or given name."""
        phrase, who = mention.phrase, mention.who
        if phrase is None or not phrase.is_name or who is None or who.kind != "person" or who.actor_id in self._genders:
            return
        titles = set(self._syntax.lowers[max(0, phrase.start - 1) : phrase.hit.start])
        given = genders.get((who.name or "").split(" ")[0])
        if gender := "f" if titles & _FEMININE_TITLES else "m" if titles & _MASCULINE_TITLES else given:
            self._genders[who.actor_id] = gender

    def antecedent(self, token: int, seen: Sequence[Mention]) -> Mention | None:
        """The mention that a pronoun takes up; None where unsure."""
        if token not in self._links:
            self._links[token] = self._find(token, seen)
        return self._links[token]

    def link(self, mention: Mention, seen: Sequence[Mention], mentions: Sequence[Mention]) -> None:
        """Links a pronoun, or leaves it open."""
        word = self._syntax.lowers[mention.head]
        if word in SPEAKING:
            speaker = self._speaker(mention, mentions)
            mention.link = Link(speaker.who, "coreference:speaker", 0.75) if speaker else mention.link
            return
        if found := self.antecedent(mention.head, seen):
            mention.link = Link(found.who, "coreference:pronoun", 0.7)
            mention.members = found.members
            if word in MASCULINE | FEMININE and found.who:
                self._genders.setdefault(found.who.actor_id, "f" if word in FEMININE else "m")

    # ------------------------------------------------------------ third persons

    def _find(self, token: int, seen: Sequence[Mention]) -> Mention | None:
        word = self._syntax.lowers[token]
        if self._syntax.sentences[token] in self._syntax.caseless:
            return None
        if word in MASCULINE | FEMININE:
            near = self._near(token, seen, "person")
            # Nor is it the one who speaks, who would say I.
            is_quoted = self._is_quoted(token)
            bound = {m.who.actor_id for m in near if m.who and (self._is_bound(token, m) or (is_quoted and self._speaks(m)))}
            persons = [m for m in near if self._fits_gender(m, word) and m.who and m.who.actor_id not in bound]
            return self._best([(m, self._person_score(token, m)) for m in persons])
        if word in NEUTER:
            bodies = [m for m in self._near(token, seen, "body") if m.is_body]
            best = self._best([(m, self._topic_score(token, m)) for m in bodies])
            return None if best and word == "its" and self._is_parted(token, best, bodies) else best
        plural = [m for m in self._near(token, seen, "plural") if m.is_plural or m.members or (m.who and m.who.kind == "group")]
        return self._best([(m, self._topic_score(token, m)) for m in plural])

    def _is_parted(self, token: int, best: Mention, bodies: Sequence[Mention]) -> bool:
        """Whether another body, which may own as well, stands between: 'the court fined Siemens for its bribes'."""
        between = (m for m in bodies if best.end <= m.start and m.sentence == self._syntax.sentences[token])
        return any(m.who and best.who and m.who.actor_id != best.who.actor_id for m in between)

    def _near(self, token: int, seen: Sequence[Mention], kind: str) -> list[Mention]:
        sentence = self._syntax.sentences[token]
        reach = 1 if kind == "person" and self._follows_subject(token) else _REACH[kind]
        near = []
        for mention in reversed(seen):
            if sentence - mention.sentence > reach:
                break
            if mention.end <= token and mention.who is not None and not mention.is_location:
                near.append(mention)
        return near

    def _follows_subject(self, token: int) -> bool:
        """Whether something else is the subject of its sentence: who was spoken of long before is then seldom meant."""
        sentence, start = self._syntax.sentences[token], token
        while start > 0 and self._syntax.sentences[start - 1] == sentence:
            start -= 1
            if self._syntax.deps[start] in SUBJECTS and self._syntax.lowers[start] not in PRONOUNS:
                return True
        return False

    def _fits_gender(self, mention: Mention, word: str) -> bool:
        gender = self._genders.get(mention.who.actor_id) if mention.who else None
        return mention.is_person and gender in (None, "f" if word in FEMININE else "m")

    def _person_score(self, token: int, mention: Mention) -> float:
        distance = self._syntax.sentences[token] - mention.sentence
        score = 1.0 - 0.25 * distance + (0.35 if mention.is_subject else 0.0) + (0.1 if mention.form == "name" else 0.0)
        score += 0.3 if self._speaks(mention) and self._says(token) else 0.0
        score += 0.6 if self._is_described(token, mention) else 0.0
        return score

    def _topic_score(self, token: int, mention: Mention) -> float:
        """Bodies and groups are taken up only by subjects: of the same sentence, or of the last one by a subject."""
        distance = self._syntax.sentences[token] - mention.sentence
        if not mention.is_subject or self._is_bound(token, mention):
            return 0.0
        if distance and not (self._syntax.deps[token] in SUBJECTS and self._syntax.lemma(self._syntax.heads[token]) in _DECIDING):
            return 0.0
        return 1.0 - 0.3 * distance + (0.1 if self._syntax.deps[token] in SUBJECTS | {"poss"} else 0.0)

    def _says(self, token: int) -> bool:
        return self._syntax.deps[token] == "nsubj" and self._syntax.lemma(self._syntax.heads[token]) in _SPEECH

    def _is_described(self, token: int, mention: Mention) -> bool:
        """Whether the pronoun stands in a relative clause on the mention: 'Antonov, who has not returned to his post'."""
        verb = self._clause(token)
        return self._syntax.deps[verb] == "relcl" and mention.start <= self._syntax.heads[verb] < mention.end

    def _is_bound(self, token: int, mention: Mention) -> bool:
        """Whether both are arguments of one verb: 'Biden met him' and 'Biden called to thank him' are never Biden."""
        if self._syntax.deps[token] == "poss" or mention.sentence != self._syntax.sentences[token]:
            return False
        verb, other = self._clause(token), self._clause(self._syntax.first_conjunct(mention.head))
        if verb == other:
            return True
        while verb != other and self._lends_subject(verb):
            verb = self._clause(self._syntax.heads[verb])
        return verb == other and mention.is_subject and self._syntax.deps[token] not in SUBJECTS

    def _lends_subject(self, verb: int) -> bool:
        """Whether a verb has no subject of its own, but that of the verb above."""
        syntax = self._syntax
        is_open = syntax.deps[verb] in ("xcomp", "advcl", "conj", "pcomp", "ccomp") and syntax.heads[verb] != verb
        return is_open and not any(syntax.deps[child] in SUBJECTS for child in syntax.children[verb])

    def _clause(self, token: int) -> int:
        """The verb that a token depends on, over prepositions and nouns."""
        syntax = self._syntax
        while not syntax.tags[token].startswith("V") and syntax.heads[token] != token:
            token = syntax.heads[token]
        return token

    def _best(self, scored: list[tuple[Mention, float]]) -> Mention | None:
        best: dict[str | None, tuple[float, Mention]] = {}
        for mention, score in scored:
            key = mention.who.actor_id if mention.who else None
            if score > best.get(key, (0.5, mention))[0]:
                best[key] = (score, mention)
        ranked = sorted(best.values(), key=lambda item: -item[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN):
            return None
        return ranked[0][1]

    # ------------------------------------------------------------ speakers

    def _speaker(self, pronoun: Mention, mentions: Sequence[Mention]) -> Mention | None:
        """Who is quoted: the subject of a verb of speech outside the quotation, in its sentence or the ones beside it."""
        if not self._is_quoted(pronoun.head):
            return None
        speakers = [m for m in mentions if abs(m.sentence - pronoun.sentence) <= 1 and m.who and m.form != "pronoun" and self._speaks(m)]
        speakers.sort(key=lambda m: (abs(m.sentence - pronoun.sentence), abs(m.head - pronoun.head)))
        return speakers[0] if speakers else None

    def _speaks(self, mention: Mention) -> bool:
        verb = self._syntax.heads[self._syntax.first_conjunct(mention.head)]
        return mention.is_subject and self._syntax.lemma(verb) in _SPEECH and not self._is_quoted(mention.head)

    def _is_quoted(self, token: int) -> bool:
        """Whether an odd number of quotation marks stands before the token in its paragraph."""
        words, marks = self._syntax.words, 0
        for position in range(token - 1, -1, -1):
            if "\n" in words[position]:
                break
            marks += words[position] == '"'
        return marks % 2 == 1
