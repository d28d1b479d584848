"""Every table and column, declared once.

Polars schemas, DDL, `COMMENT ON`, structural expectations and the data dictionary derive from the tables here; nothing
else in the project states a column's type. The module imports no other part of the pipeline.

Three groups: PUBLIC tables are what people query; PARTITIONS are the Parquet files that travel between the steps;
REFERENCE tables are seeds/ in tabular form. A column that records the same quantity has the same name everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

EVENT_TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT",
    "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
QUAD_CLASSES = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
STATUSES = ("actual", "future", "conditional", "negated", "historical")
MENTION_TYPES = ("name", "nominal", "pronoun")
DATE_PRECISIONS = ("time", "day", "week", "month", "quarter", "season", "year", "decade", "range", "assumed")
DATE_BASES = ("clause", "sentence", "speech", "context", "publication")
PLACE_PRECISIONS = ("site", "city", "admin2", "admin1", "region", "country")
PLACE_BASES = ("clause", "sentence", "dateline", "focus")
OUTCOMES = ("coded", "without_event", "duplicate", "rejected")

_POLARS = {
    "VARCHAR": pl.String(),
    "VARCHAR[]": pl.List(pl.String()),
    "BIGINT[]": pl.List(pl.Int64()),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
    "UBIGINT": pl.UInt64(),
    "UBIGINT[]": pl.List(pl.UInt64()),
    "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(),
}


@dataclass(frozen=True)
class Column:
    """A column: its DuckDB type, what it means, and what may stand in it."""

    name: str
    type: str
    description: str
    nullable: bool = False
    allowed: tuple[str, ...] = ()
    refers: str = ""  # "table.column" that every value must be found in
    minimum: float | None = None
    maximum: float | None = None
    is_of_release: bool = False  # set when the row is published; no SQL makes it

    @property
    def polars(self) -> pl.DataType:
        return _POLARS[self.type]

    @property
    def rules(self) -> dict[str, str]:
        """What its values must keep to, and the SQL condition of the rows that do not."""
        broken = {} if self.nullable else {"not_null": f"{self.name} is null"}
        if self.allowed:
            values = ", ".join(f"'{value}'" for value in self.allowed)
            broken["allowed"] = f"{self.name} not in ({values})"
        limits = {f"{self.name} < {self.minimum}": self.minimum, f"{self.name} > {self.maximum}": self.maximum}
        if outside := [condition for condition, limit in limits.items() if limit is not None]:
            broken["range"] = f"({' or '.join(outside)})"
        return broken

    @property
    def range_in_words(self) -> str:
        """'at least 0', '-90 to 90'."""
        if self.maximum is None:
            return f"at least {self.minimum:g}"
        return f"at most {self.maximum:g}" if self.minimum is None else f"{self.minimum:g} to {self.maximum:g}"


@dataclass(frozen=True)
class Table:
    """A table: its grain in words, its key, and its columns in order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = field(repr=False)

    def __post_init__(self) -> None:
        names = self.column_names
        if len(set(names)) != len(names) or not set(self.key) <= set(names):
            raise ValueError(f"table {self.name}: duplicate columns or a key that is not among them")

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def polars_schema(self) -> pl.Schema:
        return pl.Schema({column.name: column.polars for column in self.columns})


def _text(name: str, description: str, **rest: object) -> Column:
    return Column(name, "VARCHAR", description, **rest)  # type: ignore[arg-type]


def _optional(column: Column) -> Column:
    return replace(column, nullable=True)


# ---------------------------------------------------------------- columns that several tables share

_ARTICLE_ID = _text("article_id", "Article: hash of publisher, url, outlet's own id, publication time, title and text")
_CANONICAL_URL = _text("canonical_url", "Address by which versions of an article find each other; null for front pages", nullable=True)
_TEXT_LENGTH = Column("text_length", "INTEGER", "Characters of the text", minimum=0)
_CODER_VERSION = _text("coder_version", "Version of the coder, its codebook and its model that made the row")
_EVENT_TYPE = _text("event_type", "PLOVER event type", allowed=EVENT_TYPES)
_MODE = _text("mode", "PLOVER mode, a finer kind of the event type; null where none applies", nullable=True)
_CONTEXTS = Column("contexts", "VARCHAR[]", "PLOVER contexts: the domains that the event belongs to, sorted")
_QUAD = _text("quad_class", "Verbal or material, cooperation or conflict", allowed=QUAD_CLASSES)
_INTENSITY = Column("intensity", "DOUBLE", "PLOVER intensity of type and mode, -10 (worst conflict) to 10", minimum=-10, maximum=10)
_CAMEO = _text("cameo_code", "CAMEO code by the crosswalk from type, mode and context; a string: '042' keeps its zero")
_GOLDSTEIN = Column("goldstein_score", "DOUBLE", "Goldstein score of the CAMEO code, -10 to 10", minimum=-10, maximum=10)
_STATUS = _text("status", "Whether it happened: actual, future, conditional, negated or historical", allowed=STATUSES)
_CONFIDENCE = Column("confidence", "DOUBLE", "How certain the coder is, 0 to 1", minimum=0, maximum=1)
_DATE = Column("event_date", "DATE", "First day of the event (UTC); null where neither text nor publication date tells", nullable=True)
_DATE_END = Column("event_date_end", "DATE", "Last day of the event; equals event_date for one day", nullable=True)
_DATE_PRECISION = _text("date_precision", "How fine the date is; 'assumed' = publication day", nullable=True, allowed=DATE_PRECISIONS)
_LATITUDE = Column("latitude", "DOUBLE", "Degrees north, WGS 84; null for a country or region", nullable=True, minimum=-90, maximum=90)
_LONGITUDE = Column("longitude", "DOUBLE", "Degrees east, WGS 84; null for a country or region", nullable=True, minimum=-180, maximum=180)
_PLACE_ID = _text("place_id", "Place: 'geonames:<id>', or 'dragoman:<name>' of seeds/places", nullable=True, refers="places.place_id")
_PLACE_NAME = _text("place_name", "Name of the place in English", nullable=True)
_ADMIN1 = _text("admin1", "First-level division of the place", nullable=True)
_PLACE_COUNTRY = _text("place_country", "Country of the place, ISO 3166-1 alpha-3", nullable=True)
_PLACE_PRECISION = _text("place_precision", "How fine the place is", nullable=True, allowed=PLACE_PRECISIONS)

_PLACE = (_PLACE_ID, _PLACE_NAME, _ADMIN1, _PLACE_COUNTRY, _LATITUDE, _LONGITUDE, _PLACE_PRECISION)


def _span(role: str, what: str) -> tuple[Column, ...]:
    return (
        _text(f"{role}_text", f"The words of the {what}, as written", nullable=True),
        Column(f"{role}_start", "INTEGER", f"First character of the {what} in articles.text", nullable=True, minimum=0),
        Column(f"{role}_end", "INTEGER", f"Character after the {what} in articles.text", nullable=True, minimum=0),
    )


def _actor(role: str) -> tuple[Column, ...]:
    who = {"source": "who did it", "target": "to whom it was done; null where there is none or it is unknown"}[role]
    return (
        _text(f"{role}_actor_id", f"Actor: {who}", nullable=True, refers="actors.actor_id"),
        _text(f"{role}_name", f"Name of the {role}", nullable=True),
        _text(f"{role}_country", f"Country of the {role} on the event's date, ISO 3166-1 alpha-3", nullable=True),
        _text(f"{role}_sector", f"First PLOVER sector of the {role} on the event's date", nullable=True),
    )


MAGNITUDES = ("killed", "injured", "detained", "displaced", "participants", "money")
_COUNTED = {
    "killed": "People killed", "injured": "People injured", "detained": "People detained, abducted ones too",
    "displaced": "People displaced or deported", "participants": "People taking part: protesters, troops, peacekeepers",
    "money": "Money that the event is about, in units of its currency",
}  # fmt: skip


def _magnitude() -> Iterator[Column]:
    for name in MAGNITUDES:
        what = _COUNTED[name]
        yield Column(name, "BIGINT", f"{what}; best figure in the text", nullable=True, minimum=0)
        yield Column(f"{name}_low", "BIGINT", f"{what}; lowest figure that the words allow", nullable=True, minimum=0)
        yield Column(f"{name}_high", "BIGINT", f"{what}; highest figure that the words allow", nullable=True, minimum=0)
    yield _text("money_currency", "Currency of the money, ISO 4217; null where its name fits several: pesos, francs", nullable=True)


def _magnitude_words() -> Iterator[Column]:
    for name in MAGNITUDES:
        yield _text(f"{name}_text", f"The words that {name} was read from", nullable=True)


_KIND = (_EVENT_TYPE, _MODE, _CONTEXTS, _QUAD, _INTENSITY, _CAMEO, _GOLDSTEIN, _STATUS)
_WHEN = (_DATE, _DATE_END, _DATE_PRECISION)

# ---------------------------------------------------------------- partitions: Parquet between the steps

ARTICLE_RECORDS = Table(
    "article_records", "an article as ingested, before coding", ("article_id",),
    (
        _ARTICLE_ID,
        _text("content_hash", "SHA-256 of the stored text"),
        _text("publisher_name", "Outlet as the article names it", nullable=True),
        _text("url", "Address as the article gives it; data, never opened", nullable=True),
        _text("external_id", "The outlet's or file's own id of the article", nullable=True),
        _text("title", "Headline", nullable=True),
        _CANONICAL_URL,
        Column("published_at", "TIMESTAMP", "Publication time, UTC; null where nothing tells", nullable=True),
        Column("updated_at", "TIMESTAMP", "Time of the outlet's last change, UTC; null where nothing tells", nullable=True),
        _text("published_basis", "What told the publication time: header, metadata, html, path; null with it", nullable=True),
        _text("language", "Language of the text, ISO 639-1"),
        _text("dateline", "Place and agency line that the record gives apart from its text", nullable=True),
        _text("text", "The stored text, to which every offset points; empty once its retention has passed"),
        _TEXT_LENGTH,
        Column("band_hashes", "UBIGINT[]", "Locality-sensitive hashes of the text, to find near duplicates"),
        Column("signature", "UBIGINT[]", "MinHash signature of the text, to confirm them"),
    ),
)  # fmt: skip

RECORDS = Table(
    "records", "a record read from a file: the ledger in which nothing is lost", ("record_id",),
    (
        _text("record_id", "Hash of locator, record number and content"),
        _text("batch_id", "Batch that read the record"),
        _text("locator", "File that held the record, below its inbox, with members of archives after '!'"),
        Column("record_number", "INTEGER", "Position of the record in its file, from 0", minimum=0),
        _text("file_hash", "SHA-256 of the file; null where it could not be read whole", nullable=True),
        _text("publisher_name", "Outlet as the record names it", nullable=True),
        Column("published_at", "TIMESTAMP", "Publication time, UTC", nullable=True),
        _optional(_ARTICLE_ID),
        _text("reject_id", "The reject, where the record was refused", nullable=True),
        Column("is_repeat", "BOOLEAN", "Whether an earlier record of the ledger already gave the very same article"),
    ),
)  # fmt: skip

REJECTS = Table(
    "rejects", "a file or record refused", ("reject_id",),
    (
        _text("reject_id", "Hash of locator, record number, content and reason"),
        _text("batch_id", "Batch that refused it"),
        _text("locator", "File that held the record, below its inbox, with members of archives after '!'"),
        Column("record_number", "INTEGER", "Position in its file, from 0; null where the whole file was refused", nullable=True, minimum=0),
        _text("reason_code", "Why: a short code, listed in docs/RUNBOOK.md"),
        _text("evidence", "What was seen, at most 500 characters"),
        _text("content_hash", "SHA-256 of the refused bytes, where they could be read", nullable=True),
        _text("publisher_name", "Outlet as the record names it", nullable=True),
        Column("published_at", "TIMESTAMP", "Publication time of the record, UTC, where known", nullable=True),
        _CANONICAL_URL,
        _text("external_id", "The outlet's or file's own id of the article, where known", nullable=True),
    ),
)  # fmt: skip

# Read by pipeline.articles alone, so that a file that was read is not read again; the warehouse does not load it.
FILES = Table(
    "files", "a file that a batch read to its end", ("file_id",),
    (
        _text("file_id", "Hash of locator, bytes, and the limits under which it was read"),
        _text("locator", "File, below its inbox"),
        Column("record_count", "BIGINT", "Records that it gave, refused ones included", minimum=0),
        Column("rejected_count", "BIGINT", "Records refused", minimum=0),
        Column("shards", "VARCHAR[]", "Partitions of article_records that hold its articles, those of duplicates left out"),
    ),
)  # fmt: skip

DUPLICATES = Table(
    "duplicates", "an article that repeats another", ("article_id",),
    (
        _ARTICLE_ID,
        _text("duplicate_of", "The article it repeats: earliest published, then smallest id, of all that tell the same text"),
        Column("similarity", "DOUBLE", "Estimated Jaccard similarity of the word shingles; 1 = the same text", minimum=0, maximum=1),
    ),
)  # fmt: skip


CODED_ARTICLES = Table(
    "coded_articles", "an article that was coded, with or without events", ("article_id", "coder_version"),
    (
        _ARTICLE_ID,
        _CODER_VERSION,
        Column("sentence_count", "INTEGER", "Sentences that were read, headings left out", minimum=0),
        Column("event_count", "INTEGER", "Event mentions found", minimum=0),
        _text("failure", "Why the coder could not code the article; null where it could", nullable=True),
    ),
)  # fmt: skip

# Read by the loader, so that what was forgotten stays so; what readers see of it stands in rejects.
FORGOTTEN = Table(
    "forgotten", "an article or a person that was forgotten on request", ("forgotten_id",),
    (
        _text("forgotten_id", "The article's id; of a person, the hash of the words of the name"),
        _text("kind", "What was forgotten", allowed=("article", "person")),
        Column("word_count", "INTEGER", "Words of the person's name", nullable=True, minimum=2),
        _text("reason", "Why, in the words of who asked for it"),
        Column("forgotten_at", "TIMESTAMP", "When, UTC"),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- public tables

EVENT_MENTIONS = Table(
    "event_mentions", "an event as one sentence of one article tells it", ("mention_id",),
    (
        _text("mention_id", "Hash of article, trigger, source, target, type and status"),
        _text("event_id", "The distinct event that the mention reports", refers="events.event_id"),
        replace(_ARTICLE_ID, refers="articles.article_id"),
        *_KIND,
        _text("status_cue", "The words that decided the status", nullable=True),
        *_WHEN,
        _text("date_basis", "Where the date was taken from", nullable=True, allowed=DATE_BASES),
        *_actor("source"), Column("source_sectors", "VARCHAR[]", "All PLOVER sectors of the source"), *_span("source", "source"),
        *_actor("target"), Column("target_sectors", "VARCHAR[]", "All PLOVER sectors of the target"), *_span("target", "target"),
        *_span("trigger", "words that tell the event"),
        *_span("date", "date"),
        *_span("place", "place"),
        *_PLACE,
        _text("place_basis", "Where the place was taken from", nullable=True, allowed=PLACE_BASES),
        _text("sentence_text", "The sentence"),
        Column("sentence_start", "INTEGER", "First character of the sentence in articles.text", minimum=0),
        Column("sentence_end", "INTEGER", "Character after the sentence in articles.text", minimum=0),
        *_magnitude(), *_magnitude_words(),
        _CONFIDENCE,
        _text("made_by", "The rule, or rule and model, that made the mention"),
        _CODER_VERSION,
    ),
)  # fmt: skip

EVENTS = Table(
    "events", "a distinct event: date, source, target, type, place", ("event_id",),
    (
        _text("event_id", "Hash of the event's first report: it stays the same, however much later reports add"),
        *_WHEN, *_KIND, *_actor("source"), *_actor("target"), *_PLACE, *_magnitude(),
        Column("mention_count", "INTEGER", "Sentences that report the event", minimum=1),
        Column("article_count", "INTEGER", "Articles that report it, near duplicates counted too", minimum=1),
        Column("publisher_count", "INTEGER", "Outlets that report it; 0 where no article names its outlet", minimum=0),
        Column("first_reported_at", "TIMESTAMP", "Earliest publication time of the reports", nullable=True),
        _CONFIDENCE,
        _CODER_VERSION,
        Column("valid_from_release", "INTEGER", "Release that first held the row as it is", minimum=1, is_of_release=True),
        Column(
            "valid_to_release", "INTEGER", "Release that no longer held it; null = it still stands",
            nullable=True, minimum=2, is_of_release=True,
        ),
    ),
)  # fmt: skip

EVENT_VERSIONS = replace(
    EVENTS, name="event_versions", grain="an event as it was once published, and then changed or withdrawn",
    key=("event_id", "valid_to_release"),
    # Actors and places go with the last event that names them.
    columns=tuple(replace(column, refers="", nullable=column.nullable and column.name != "valid_to_release") for column in EVENTS),
)  # fmt: skip

ACTORS = Table(
    "actors", "an actor, with the period a role holds", ("actor_role_id",),
    (
        _text("actor_role_id", "Hash of actor and role"),
        _text("actor_id", "Actor"),
        _text("actor_name", "Name in English"),
        _text("kind", "person, country, organization, group, or role", allowed=("person", "country", "organization", "group", "role")),
        _text("country", "Country, ISO 3166-1 alpha-3; null for international and unknown", nullable=True),
        Column("sectors", "VARCHAR[]", "PLOVER sectors, the first foremost"),
        _text("role_name", "Office or role held in the period", nullable=True),
        Column("valid_from", "DATE", "First day of the role; null = since ever, as far as known", nullable=True),
        Column("valid_to", "DATE", "Last day of the role; null = until now", nullable=True),
        _text("parent_actor_id", "Actor that it is a part of", nullable=True),
        Column("is_discovered", "BOOLEAN", "Found in articles, not listed in seeds/actors"),
    ),
)  # fmt: skip

ACTOR_MENTIONS = Table(
    "actor_mentions", "a span of an article that refers to an actor", ("actor_mention_id",),
    (
        _text("actor_mention_id", "Hash of article and span"),
        replace(_ARTICLE_ID, refers="articles.article_id"),
        _text("mention_text", "The words, as written"),
        Column("mention_start", "INTEGER", "First character in articles.text", minimum=0),
        Column("mention_end", "INTEGER", "Character after it", minimum=0),
        _text("mention_type", "name, nominal or pronoun", allowed=MENTION_TYPES),
        _text("actor_id", "Actor it refers to; null where unsure", nullable=True, refers="actors.actor_id"),
        _text("actor_name", "Name of the actor", nullable=True),
        _text("kind", "person, country, organization, group, or role", nullable=True),
        _text("country", "Country of the actor on the article's date", nullable=True),
        Column("sectors", "VARCHAR[]", "PLOVER sectors on the article's date"),
        _text("link_method", "How the mention was linked"),
        Column("link_score", "DOUBLE", "How sure the link is, 0 to 1", minimum=0, maximum=1),
        _CODER_VERSION,
    ),
)  # fmt: skip

_KEPT_OF_RECORDS = {"url", "external_id", "title", "published_at", "updated_at", "published_basis", "language", "dateline"}

ARTICLES = Table(
    "articles", "an article", ("article_id",),
    (
        _ARTICLE_ID,
        _text("content_hash", "SHA-256 of the stored text"),
        _text("publisher_id", "Publisher", nullable=True, refers="publishers.publisher_id"),
        *(column for column in ARTICLE_RECORDS if column.name in _KEPT_OF_RECORDS),
        _text("text", "The stored text, to which every offset points; null once its retention has passed", nullable=True),
        _TEXT_LENGTH,
        _text("duplicate_of", "The article it repeats", nullable=True, refers="articles.article_id"),
        Column("similarity", "DOUBLE", "How alike the two are", nullable=True, minimum=0, maximum=1),
        _text("replaced_by", "The later version of it that took its place", nullable=True, refers="articles.article_id"),
        _text("outcome", "What became of it; duplicate if replaced too, rejected if retracted or if the coder failed", allowed=OUTCOMES),
        Column("event_count", "INTEGER", "Event mentions found in it", minimum=0),
        _optional(_CODER_VERSION),
    ),
)  # fmt: skip

PLACES = Table(
    "places", "a place that some event names", ("place_id",),
    (
        replace(_PLACE_ID, nullable=False, refers=""),
        replace(_PLACE_NAME, nullable=False),
        Column("geonames_id", "BIGINT", "GeoNames id", nullable=True),
        _ADMIN1, _PLACE_COUNTRY, _LATITUDE, _LONGITUDE,
        replace(_PLACE_PRECISION, nullable=False),
    ),
)  # fmt: skip

EVENT_TYPE_TABLE = Table(
    "event_types", "an event type, or one mode of it", ("event_type_id",),
    (
        _text("event_type_id", "Type, or type and mode joined by a hyphen"),
        _EVENT_TYPE, _MODE, _QUAD, _INTENSITY, _CAMEO, _GOLDSTEIN,
        _text("definition", "What belongs here, in our own words"),
    ),
)  # fmt: skip

PUBLISHERS = Table(
    "publishers", "an outlet that some article names", ("publisher_id",),
    (
        _text("publisher_id", "Hash of the normalised name"),
        _text("publisher_name", "Most frequent spelling"),
        Column("article_count", "INTEGER", "Articles of the outlet", minimum=0),
        Column("first_published_at", "TIMESTAMP", "Earliest article", nullable=True),
        Column("last_published_at", "TIMESTAMP", "Latest article", nullable=True),
    ),
)  # fmt: skip


def _panel(name: str, grain: str, *keys: Column) -> Table:
    counts = tuple(
        Column(f"{measure}_{unit}", "BIGINT", f"Actual {words}, {what}; null where nothing was covered", nullable=True, minimum=0)
        for measure, words in (
            ("verbal_cooperation", "verbal cooperation"), ("material_cooperation", "material cooperation"),
            ("verbal_conflict", "verbal conflict"), ("material_conflict", "material conflict"),
            *((event_type.lower(), event_type) for event_type in EVENT_TYPES),
        )
        for unit, what in (("events", "distinct events"), ("mentions", "mentions"))
    )  # fmt: skip
    return Table(
        name, grain, tuple(key.name for key in keys) + ("month",),
        (
            *keys,
            Column("month", "DATE", "First day of the month"),
            Column("covered_days", "INTEGER", "Days of the month on which some article was published", minimum=0),
            Column("event_count", "BIGINT", "Actual distinct events", nullable=True, minimum=0),
            Column("mention_count", "BIGINT", "Mentions of them", nullable=True, minimum=0),
            *counts,
            Column("intensity_sum", "DOUBLE", "Sum of intensity over distinct events", nullable=True),
            Column("intensity_mean", "DOUBLE", "Mean intensity; null without events", nullable=True),
            Column("goldstein_sum", "DOUBLE", "Sum of Goldstein scores over distinct events", nullable=True),
            Column("goldstein_mean", "DOUBLE", "Mean Goldstein score; null without events", nullable=True),
        ),
    )  # fmt: skip


DYAD_MONTH = _panel(
    "dyad_month", "source country x target country x month",
    _text("source_country", "Country of the source"), _text("target_country", "Country of the target"),
)  # fmt: skip
COUNTRY_MONTH = _panel(
    "country_month", "country x reading x month",
    _text("country", "Country, ISO 3166-1 alpha-3"),
    _text("reading", "The country as source, as target, or as place of the events", allowed=("source", "target", "place")),
)  # fmt: skip
ACTOR_MONTH = _panel(
    "actor_month", "actor x reading x month, from the actor's first event to its last",
    _text("actor_id", "Actor"),
    _text("reading", "The actor as source or as target", allowed=("source", "target")),
)  # fmt: skip

COVERAGE = Table(
    "coverage", "publisher x day; null publisher or day where the record names none", ("publisher_name", "published_date"),
    (
        _text("publisher_name", "Outlet as its records name it", nullable=True),
        Column("published_date", "DATE", "Day of publication, UTC", nullable=True),
        Column("files_expected", "INTEGER", "Files that should have come, where expectations/coverage.csv says", nullable=True, minimum=0),
        Column("files_seen", "INTEGER", "Files that held records of the outlet and day", minimum=0),
        Column("records_in", "INTEGER", "Records read = coded + without_event + duplicate + rejected", minimum=0),
        Column("coded", "INTEGER", "Records whose article holds events", minimum=0),
        Column("without_event", "INTEGER", "Records whose article holds none", minimum=0),
        Column("duplicate", "INTEGER", "Records that repeat another article", minimum=0),
        Column("rejected", "INTEGER", "Records refused", minimum=0),
    ),
)  # fmt: skip

RELEASES = Table(
    "releases", "a publication of the warehouse", ("release_id",),
    (
        _text("release_id", "Hash of what was published and of the release before it"),
        Column("release_number", "INTEGER", "1, 2, 3 … in order of publication", minimum=1),
        Column("published_at", "TIMESTAMP", "When it was published, UTC"),
        _text("batch_id", "Batch that led to it"),
        _CODER_VERSION,
        *(
            Column(f"{table}_count", "BIGINT", f"Rows of {table}", minimum=0)
            for table in ("articles", "events", "event_mentions", "rejects")
        ),
        _text(
            "validation", "passed; warned where some expectation failed that does not stop a release; overruled where a person let it pass",
            allowed=("passed", "warned", "overruled"),
        ),
        _text("released_by", "Who released it by hand, although its audit had failed; null where nobody had to", nullable=True),
        _text("reason", "Why it was released by hand; null where nobody had to", nullable=True),
    ),
)  # fmt: skip

CHANGES = Table(
    "changes", "what a publication added, changed or withdrew", ("release_id", "event_id"),
    (
        _text("release_id", "Release", refers="releases.release_id"),
        _text("event_id", "Event; a withdrawn one is no longer in events"),
        _text("change", "What happened to it", allowed=("added", "changed", "withdrawn")),
        _text("content_hash", "Hash of the event's row in this release; null when withdrawn", nullable=True),
    ),
)  # fmt: skip

# A mention's event is known only in the warehouse, where all reports are seen together.
CODED_MENTIONS = replace(
    EVENT_MENTIONS, name="coded_mentions", columns=tuple(column for column in EVENT_MENTIONS if column.name != "event_id")
)
PARTITIONS = (ARTICLE_RECORDS, RECORDS, REJECTS, DUPLICATES, CODED_ARTICLES, CODED_MENTIONS, ACTOR_MENTIONS, FORGOTTEN)

PUBLIC = (
    EVENTS, EVENT_MENTIONS, ACTORS, ACTOR_MENTIONS, ARTICLES, PLACES, EVENT_TYPE_TABLE, PUBLISHERS,
    DYAD_MONTH, COUNTRY_MONTH, ACTOR_MONTH, COVERAGE, RECORDS, REJECTS, RELEASES, CHANGES, EVENT_VERSIONS,
)  # fmt: skip
