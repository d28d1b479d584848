"""What is one event: which mentions report the same one.

A mention names its source, target, place and deed on paths from coarse to fine: `("USA", "GOV", "blinken")` is finer than `("USA",)`.
Two paths agree where one begins with the other. Mentions report the same event where all their paths and their dates agree, and an
event is as fine as its finest mentions.

*One-block*: only mentions of one event type, status class and pair of parties are ever compared (see sql/staging/mention_keys.sql).
*Clique*: a mention joins an event only where it agrees with everything the event is known to be; a vague mention never bridges two.
*Any-order*: mentions are taken finest first, ties by value, so that the order of rows, shards and batches does not matter.
*Own-days*: deeds of two days are two events. A vague date joins a day only where exactly one event fits; an assumed date (the day
of publication) reaches back to a dated event of its own article, or to one of the last days that is likely the same.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

Path = tuple[str, ...]
Block = tuple[str, str, str, str]

MAX_VAGUE_DAYS = 31
"""A date vaguer than a month ('in 2018') joins a finer one only on evidence beyond the dyad: a name, a place, or the same article."""
REACH_IN_ARTICLE = 7
"""Days that an undated clause reaches back to a dated event of its own article: a news cycle."""
REACH_TO_OTHERS = 3
"""The same, to events of other articles, where the two parties do not do such things daily, or both name the same people or place."""
RECURRING = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT"})
"""Types that the same two countries may do again the next day: a second treaty in three days is rare, a second accusation is not."""
REACH_AHEAD = 366
"""Days that talk of the future without a date reaches ahead, within its article."""


@dataclass(frozen=True, slots=True)
class MentionKey:
    """What decides which event a mention reports. Days count from 1970-01-01."""

    mention_id: str
    article_id: str
    event_type: str
    status_class: str
    source: Path
    target: Path
    place: Path
    deed: Path
    first_day: int | None
    last_day: int | None
    is_assumed: bool

    @property
    def block(self) -> Block:
        return self.event_type, self.status_class, _head(self.source), _head(self.target)

    @property
    def paths(self) -> tuple[Path, Path, Path, Path]:
        return self.source, self.target, self.place, self.deed

    @property
    def tells(self) -> tuple[object, ...]:
        """All but who tells it."""
        return *self.paths, self.first_day, self.last_day, self.is_assumed

    @property
    def is_anonymous(self) -> bool:
        """Nobody did it to nobody, nowhere: no other article can be known to tell the same."""
        return not (self.source or self.target or self.place)

    @property
    def vagueness(self) -> tuple[int, int]:
        """0 = a day or a span of days, 1 = assumed, 2 = undated; then days beyond the first."""
        if self.first_day is None or self.last_day is None:
            return 2, 0
        return int(self.is_assumed), self.last_day - self.first_day


@dataclass(slots=True)
class _Event:
    """An event in the making: the finest of what its mentions tell."""

    source: Path
    target: Path
    place: Path
    deed: Path
    first_day: int | None
    last_day: int | None
    is_assumed: bool
    articles: set[str] = field(default_factory=set)
    mentions: list[str] = field(default_factory=list)

    def agrees(self, key: MentionKey) -> bool:
        return (
            _agree(self.source, key.source)
            and _agree(self.target, key.target)
            and _agree(self.place, key.place)
            and _agree(self.deed, key.deed)
        )

    def shares(self, key: MentionKey) -> int:
        """How many steps of the paths the two have in common."""
        return (
            min(len(self.source), len(key.source))
            + min(len(self.target), len(key.target))
            + min(len(self.place), len(key.place))
            + min(len(self.deed), len(key.deed))
        )

    def add(self, key: MentionKey) -> None:
        self.source = max(self.source, key.source, key=len)
        self.target = max(self.target, key.target, key=len)
        self.place = max(self.place, key.place, key=len)
        self.deed = max(self.deed, key.deed, key=len)
        self.articles.add(key.article_id)
        self.mentions.append(key.mention_id)

    def event_id(self, block: Block) -> str:
        """Hash of the natural key. An undated or anonymous event belongs to its article: nothing tells that another's is the same."""
        is_told_once = self.first_day is None or not (self.source or self.target or self.place)
        paths = (":".join(path) for path in (self.source, self.target, self.place, self.deed))
        natural = (*block[:2], _iso(self.first_day), _iso(self.last_day), *paths, min(self.articles) if is_told_once else "")
        return hashlib.sha256("\x1f".join(natural).encode()).hexdigest()[:20]


def assign_events(keys: Iterable[MentionKey]) -> Iterator[tuple[str, str]]:
    """Pairs of mention_id and event_id, one for each key. All keys of a block must be given together, in any order."""
    blocks: defaultdict[Block, list[MentionKey]] = defaultdict(list)
    for key in keys:
        blocks[key.block].append(key)
    for block, members in blocks.items():
        for event in _events(members):
            event_id = event.event_id(block)
            yield from ((mention_id, event_id) for mention_id in event.mentions)


def _events(keys: list[MentionKey]) -> Iterable[_Event]:
    support = Counter(key.tells for key in keys)
    keys.sort(key=lambda key: (key.vagueness, -sum(map(len, key.paths)), -support[key.tells], key.paths, key.article_id, key.mention_id))
    events = _Calendar()
    for key in keys:
        events.add(_find(key, events) or events.start(key), key)
    return events.all


class _Calendar:
    """The events of a block, found by day and by article."""

    def __init__(self) -> None:
        self.all: list[_Event] = []
        self._by_day: defaultdict[int, list[_Event]] = defaultdict(list)
        self._spans: list[_Event] = []
        self._by_article: defaultdict[str, list[_Event]] = defaultdict(list)

    def start(self, key: MentionKey) -> _Event:
        """A new event on the days of the mention, which it does not hold yet."""
        event = _Event(*key.paths, key.first_day, key.last_day, key.is_assumed)
        self.all.append(event)
        if key.first_day is not None and key.first_day == key.last_day:
            self._by_day[key.first_day].append(event)
        elif key.first_day is not None:
            self._spans.append(event)
        return event

    def add(self, event: _Event, key: MentionKey) -> None:
        if key.article_id not in event.articles:
            self._by_article[key.article_id].append(event)
        event.add(key)

    def within(self, first: int, last: int) -> Iterator[_Event]:
        """Events that share a day with the span."""
        if last - first < len(self._by_day):
            days: Iterable[int] = (day for day in range(first, last + 1) if day in self._by_day)
        else:
            days = (day for day in self._by_day if first <= day <= last)
        for day in days:
            yield from self._by_day[day]
        for event in self._spans:
            if event.first_day is not None and event.last_day is not None and event.first_day <= last and first <= event.last_day:
                yield event

    def of_article(self, article_id: str) -> Iterable[_Event]:
        return self._by_article.get(article_id, ())


def _find(key: MentionKey, events: _Calendar) -> _Event | None:
    """The event that a mention reports, of those found so far."""
    if key.first_day is None or key.last_day is None or key.is_anonymous:
        return _best(key, (event for event in events.of_article(key.article_id) if event.agrees(key)))
    if key.is_assumed:
        return _find_assumed(key, events)
    fitting = [event for event in events.within(key.first_day, key.last_day) if event.agrees(key)]
    if key.first_day == key.last_day:
        return _best(key, fitting)
    return _find_vague(key, fitting)


def _find_vague(key: MentionKey, fitting: list[_Event]) -> _Event | None:
    """The one event within a week, month or year that fits best; none where several fit alike."""
    if key.vagueness[1] >= MAX_VAGUE_DAYS:
        fitting = [event for event in fitting if _is_same_span(key, event) or key.article_id in event.articles or _shares_names(key, event)]
    if not fitting:
        return None
    merits = [(key.article_id in event.articles, event.shares(key), _is_same_span(key, event)) for event in fitting]
    best = max(merits)
    return fitting[merits.index(best)] if merits.count(best) == 1 else None


def _find_assumed(key: MentionKey, events: _Calendar) -> _Event | None:
    """The event that a mention without a date of its own means: dated in its article, or told elsewhere of the same day."""
    published = key.first_day or 0
    reach = (0, REACH_AHEAD) if key.status_class == "future" else (-REACH_IN_ARTICLE, 0)
    nearby = events.within(published + reach[0], published + reach[1])
    return _best(key, (event for event in nearby if event.agrees(key) and _reaches(key, event, published)))


def _reaches(key: MentionKey, event: _Event, published: int) -> bool:
    if key.article_id in event.articles or event.first_day == event.last_day == published:
        return True
    if event.is_assumed or event.last_day is None or event.first_day != event.last_day:
        return False
    if key.status_class != "happened" or published - event.last_day > REACH_TO_OTHERS:
        return False
    return _shares_names(key, event) or (key.event_type not in RECURRING and bool(key.source and key.target))


def _shares_names(key: MentionKey, event: _Event) -> bool:
    """Whether both name the same place finer than a country, or the same people or organisations on every side that has any."""
    if min(len(key.place), len(event.place)) > 1:
        return True
    named = [min(len(mine), len(its)) > 1 for mine, its in ((key.source, event.source), (key.target, event.target)) if mine]
    return bool(named) and all(named)


def _best(key: MentionKey, fitting: Iterable[_Event]) -> _Event | None:
    """The event of the same article, then with most in common, nearest in time, most reported, finest, smallest."""
    return min(
        fitting,
        key=lambda event: (
            key.article_id not in event.articles,
            -event.shares(key),
            abs((event.last_day or 0) - (key.first_day or 0)),
            -len(event.mentions),
            event.source,
            event.target,
            event.place,
            event.deed,
            event.first_day or 0,
            event.last_day or 0,
        ),
        default=None,
    )


def _is_same_span(key: MentionKey, event: _Event) -> bool:
    return (key.first_day, key.last_day) == (event.first_day, event.last_day)


def _agree(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _head(path: Path) -> str:
    return path[0] if path else ""


def _iso(day: int | None) -> str:
    return "" if day is None else (date(1970, 1, 1) + timedelta(days=day)).isoformat()
