"""A mention while its actor is being told: the phrase or pronoun, and the link found so far."""

from dataclasses import dataclass, field, replace

from pipeline.coder.actors.identity import Link, Who
from pipeline.coder.actors.phrases import Phrase
from pipeline.coder.syntax import Syntax

SUBJECTS = frozenset({"nsubj", "nsubjpass"})


@dataclass(slots=True, eq=False)
class Mention:
    """From token start to before end; phrase is None for pronouns."""

    start: int
    end: int
    head: int
    form: str  # name, nominal or pronoun
    link: Link
    sentence: int
    phrase: Phrase | None = None
    is_plural: bool = False
    is_subject: bool = False
    is_location: bool = False
    members: list["Mention"] = field(default_factory=list)

    @property
    def who(self) -> Who | None:
        return self.link.who

    @property
    def is_person(self) -> bool:
        """One human being, known by name or only by role."""
        if self.is_plural or self.who is None:
            return False
        sense = self.phrase.hit.sense if self.phrase else None
        return self.who.kind == "person" or (self.who.kind == "role" and sense is not None and sense.kind == "person")

    @property
    def is_body(self) -> bool:
        """A country, organisation or group, spoken of as one."""
        if self.who is None or self.is_plural:
            return False
        sense = self.phrase.hit.sense if self.phrase else None
        return self.who.kind in ("country", "organization", "group") or (
            self.who.kind == "role" and sense is not None and sense.kind != "person"
        )

    def relink(self, who: Who | None, method: str, score: float) -> None:
        self.link = Link(who, method, score)

    def at(self, start: int, end: int) -> "Mention":
        """The same actor, mentioned by another span."""
        return replace(self, start=start, end=end, phrase=self.phrase, members=[])


def mention_of(syntax: Syntax, phrase: Phrase, link: Link) -> Mention:
    form = "name" if phrase.is_name else "nominal"
    first = syntax.first_conjunct(phrase.head)
    return Mention(
        phrase.start, phrase.end, phrase.head, form, link, syntax.sentences[phrase.head], phrase,
        is_plural=phrase.is_plural, is_subject=syntax.deps[first] in SUBJECTS,
    )  # fmt: skip
