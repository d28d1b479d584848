"""A hit: a name or role noun in the text, before it is known what phrase it stands in."""

from dataclasses import dataclass, field

from pipeline.codebook.actor_book import Alias
from pipeline.coder.actors.lexicon import Sense
from pipeline.coder.syntax import NOUN_TAGS

NAME_TAGS = NOUN_TAGS | {"JJ", "FW", "NFP", "ADD"}
FIGURES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL"})
"""spaCy's labels of entities that name nobody."""


@dataclass(slots=True, eq=False)
class Hit:
    """A name or role noun, from token start to before end."""

    start: int
    end: int
    label: str  # person, organization, group, country, place (a town or building, no actor by itself) or role
    method: str
    score: float
    alias: Alias | None = None  # None for role nouns and for names that the book does not know
    sense: Sense | None = None  # of a role noun, or of the one inside a discovered name: the 'court' of Tis Hazari Court
    key: str = ""  # a discovered name in full, or a role noun as spoken
    within: list["Hit"] = field(default_factory=list)  # aliases inside a discovered name: the 'Delhi' of Delhi High Court

    @property
    def use(self) -> str:
        """How the alias refers: US is listed as an adjective, but stands for the country like a name."""
        if self.alias is None:
            return ""
        is_acronym = self.alias.alias_type in ("adjective", "demonym") and self.alias.text.replace(".", "").isupper()
        return "acronym" if is_acronym else self.alias.alias_type

    @property
    def is_geographic(self) -> bool:
        """Whether it names a country, by whatever word."""
        return self.label == "country"


At = dict[int, Hit]
"""The hit over each token."""


def place_hit(at: At, hit: Hit) -> None:
    """Puts a hit over its tokens; a hit that it overlaps gives way."""
    for token in range(hit.start, hit.end):
        if (other := at.get(token)) is not None and other is not hit:
            for covered in range(other.start, other.end):
                at.pop(covered, None)
    at.update(dict.fromkeys(range(hit.start, hit.end), hit))
