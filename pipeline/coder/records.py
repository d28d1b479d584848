"""What the coder finds in a text. Offsets count characters of the text as given; `end` is the character after the last."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class DateMention:
    """A time expression: TIMEX3 type and value, and the days that it covers."""

    start: int
    end: int
    text: str
    type: str  # DATE, TIME, DURATION or SET
    value: str  # TIMEX3 value: 2018-07, 2021-05-19, P2D, PRESENT_REF, XXXX-WXX-3 …
    first_day: date | None  # JSON: "from"
    last_day: date | None  # JSON: "to"
    precision: str | None  # one of contracts.DATE_PRECISIONS; None where no day follows from it


@dataclass(frozen=True)
class PlaceMention:
    """A toponym and the place it stands for.

    The coordinates are GeoNames' own for the place. Those of a country, region or division are a representative point, no
    location: precision tells, and event_place leaves them out.
    """

    start: int
    end: int
    text: str
    place_id: str  # geonames:<id> or dragoman:<name>
    name: str
    country: str | None  # ISO 3166-1 alpha-3
    admin1: str | None
    latitude: float | None
    longitude: float | None
    precision: str  # one of contracts.PLACE_PRECISIONS
    score: float = 1.0
    is_demonym: bool = False  # "Georgian": tells of Georgia, and nothing happens in it

    @property
    def geonames_id(self) -> int | None:
        scheme, _, number = self.place_id.partition(":")
        return int(number) if scheme == "geonames" else None


@dataclass(frozen=True)
class ActorMention:
    """A span that refers to an actor, and the actor, where it could be told."""

    start: int
    end: int
    text: str
    head: int  # index of the token in the document that governs the span
    mention: str  # name, nominal or pronoun
    actor_id: str | None
    name: str | None
    kind: str | None  # person, country, organization, group or role
    country: str | None  # ISO 3166-1 alpha-3, on the article's date
    sectors: tuple[str, ...]  # PLOVER sectors, the first foremost
    link_method: str
    link_score: float
    members: tuple["ActorMention", ...] = ()  # of a group phrase: "both presidents" -> Putin, Biden


@dataclass(frozen=True)
class Magnitude:
    """A count of people or an amount of money: best figure, and the range that the words allow."""

    best: int
    low: int
    high: int
    text: str
    currency: str | None = None  # ISO 4217; None for people, and where the currency's name fits several


@dataclass(frozen=True)
class EventDate:
    """The days of an event and where they were read: basis is one of contracts.DATE_BASES."""

    first_day: date
    last_day: date
    precision: str
    basis: str
    mention: DateMention | None


@dataclass(frozen=True)
class EventPlace:
    """The place of an event and where it was read: basis is one of contracts.PLACE_BASES."""

    mention: PlaceMention
    basis: str


@dataclass(frozen=True)
class Trigger:
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Event:
    """An event as one sentence tells it."""

    source: ActorMention | None
    target: ActorMention | None
    event_type: str
    mode: str | None
    contexts: tuple[str, ...]
    status: str
    status_cue: str | None
    quad_class: str
    intensity: float
    cameo_code: str
    goldstein_score: float
    trigger: Trigger
    date: EventDate | None
    place: EventPlace | None
    magnitude: dict[str, Magnitude]  # killed, injured, detained, displaced, participants, money
    sentence_start: int
    sentence_end: int
    confidence: float
    made_by: str


@dataclass(frozen=True)
class Relation:
    """The event type that holds between two given spans, provided that some event does."""

    source: tuple[int, int] | None
    target: tuple[int, int] | None
    event_type: str
    mode: str | None
    confidence: float


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    heading: bool


@dataclass(frozen=True)
class Coded:
    """All that was found in one text."""

    sentences: tuple[Sentence, ...]
    actors: tuple[ActorMention, ...]
    dates: tuple[DateMention, ...]
    places: tuple[PlaceMention, ...]
    events: tuple[Event, ...] = ()
    relations: tuple[Relation, ...] = field(default=())
