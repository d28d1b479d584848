"""What is one event: which mentions report the same one.

A mention names its source, target, place and deed on paths from coarse to fine: `("USA", "GOV", "blinken")` is finer than `("USA",)`.
Two paths agree where one begins with the other. Only mentions of one block (event type, status class, pair of parties) are compared.

*Own article first*: a clause that its article dates more finely elsewhere is settled before (sql/staging/own_links.sql).
*Finest first*: events are made of the mentions that name a day. Vaguer ones join an event by what they share with it, or make one
of their own with others that are just as vague; they never change what the event is known to be, and so never bridge two.
*Own-days*: deeds of two days are two events. A vague date joins a day only where exactly one event fits best; an assumed date (the
day of publication) reaches back some days to an event that is likely the same.
*Any-order*: cells (mentions equally fine, of one span) are taken by value, so that the order of rows, shards and batches does not
matter; and a cell hangs on nothing but itself and the events within its reach (sql/scope/resolved.sql), so that a late article
changes only what it touches.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

Path = tuple[str, ...]

REACH_TO_OTHERS = 3
"""Days that an undated clause reaches back to events of other articles, where the two parties do not do such things daily, or both
name the same people or place."""
REACH_OF_WORDS = 7
"""The same, where the very same sentence is told."""
OUTSTANDING = 4
"""How many times more articles must tell one event than the next, for a vague mention that fits both to mean it."""
RECURRING = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT"})
"""Types that the same two countries may do again the next day: a second treaty in three days is rare, a second accusation is not."""


@dataclass(frozen=True, slots=True)
class MentionKey:
    """What decides which event a mention reports: a row of staging.mention_keys. Days count from 1970-01-01."""

    mention_id: str
    article_id: str
    block: Hashable
    event_type: str
    status_class: str
    tier: str
    """day, span (up to a month), long, assumed (the day of publication) or loose (undated, or nobody nowhere)."""
    source: Path
    target: Path
    place: Path
    deed: Path
    first_day: int | None
    last_day: int | None
    telling: int | None
    """Hash of the sentence's words; None where it is too short to be evidence."""
    via: str | None = None
    """The mention of its own article that dates it."""

    @property
    def paths(self) -> tuple[Path, Path, Path, Path]:
        return self.source, self.target, self.place, self.deed

    @property
    def cell(self) -> tuple[Hashable, ...]:
        """Mentions of one cell are compared with each other; those of two cells are not."""
        if self.tier == "loose":
            return self.article_id, self.first_day, self.last_day
        return self.first_day, self.last_day


@dataclass(slots=True)
class _Event:
    """An event in the making: the finest of what the mentions of its cell tell."""

    anchor: MentionKey
    source: Path
    target: Path
    place: Path
    deed: Path
    first_day: int
    last_day: int
    articles: set[str] = field(default_factory=set)
    tellings: set[int | None] = field(default_factory=set)
    size: int = 0

    def agrees(self, key: MentionKey) -> bool:
        # What differs most often comes first: this is asked millions of times.
        return (
            _agree(self.place, key.place)
            and _agree(self.target, key.target)
            and _agree(self.source, key.source)
            and _agree(self.deed, key.deed)
            and (self.shares_a_known(key) or key.article_id in self.articles)
        )

    def shares(self, key: MentionKey) -> int:
        """How many steps of the paths the two have in common."""
        return (
            min(len(self.source), len(key.source))
            + min(len(self.target), len(key.target))
            + min(len(self.place), len(key.place))
            + min(len(self.deed), len(key.deed))
        )

    def shares_names(self, key: MentionKey) -> bool:
        """Whether both name the same place finer than a country, or the same people or organisations on every side that has any; or
        those of one side, and the same deed done to the same kind of people."""
        if min(len(key.place), len(self.place)) > 1:
            return True
        sides = [(mine, its) for mine, its in ((key.source, self.source), (key.target, self.target)) if mine]
        named = [min(len(mine), len(its)) > _general(mine) for mine, its in sides]
        return any(named) and (all(named) or bool(key.deed and self.deed and len(sides) == 2 and self.source and self.target))

    def tells_words_of(self, key: MentionKey) -> bool:
        return key.telling is not None and key.telling in self.tellings

    def shares_a_known(self, key: MentionKey) -> bool:
        """Whether more is known to be shared than 'militants' and 'civilians': those are in many places on one day."""
        sides = ((key.source, self.source), (key.target, self.target))
        return (
            any(min(len(mine), len(its)) >= _general(mine) for mine, its in sides if mine and its)
            or min(len(key.place), len(self.place)) > 0
        )

    def knows_all_of(self, key: MentionKey) -> bool:
        """Whether the mention is nowhere finer: what only it knows may belong to another event. Of what is seldom done twice in a
        month, the place may be news."""
        return (
            len(key.source) <= len(self.source)
            and len(key.target) <= len(self.target)
            and len(key.deed) <= len(self.deed)
            and (len(key.place) <= len(self.place) or not (self.place or key.event_type in RECURRING))
        )

    def add(self, key: MentionKey) -> None:
        self.source = max(self.source, key.source, key=len)
        self.target = max(self.target, key.target, key=len)
        self.place = max(self.place, key.place, key=len)
        self.deed = max(self.deed, key.deed, key=len)
        self.articles.add(key.article_id)
        self.tellings.add(key.telling)
        self.size += 1


def anchor_mentions(keys: Iterable[MentionKey]) -> Iterator[tuple[str, str]]:
    """Pairs of mention_id and the id of the mention that anchors its event: mentions with one anchor report one event.

    All keys of a block that can bear on each other must be given together, in any order. A mention whose `via` is not among the keys
    is left out.
    """
    blocks: defaultdict[Hashable, list[MentionKey]] = defaultdict(list)
    for key in keys:
        blocks[key.block].append(key)
    for members in blocks.values():
        if len(members) == 1 and members[0].via is None:
            yield members[0].mention_id, members[0].mention_id
        else:
            yield from _anchors(members).items()


def _anchors(keys: list[MentionKey]) -> dict[str, str]:
    cells: defaultdict[str, defaultdict[tuple[Hashable, ...], list[MentionKey]]] = defaultdict(lambda: defaultdict(list))
    for key in keys:
        if key.via is None:
            cells[key.tier][key.cell].append(key)
    anchors: dict[str, str] = {}
    days = _Calendar(_settled(cells["day"].values(), lambda key: None, anchors))
    spans = _Calendar(_settled(cells["span"].values(), lambda key: _meant_by_span(key, days), anchors))
    _settled(cells["long"].values(), lambda key: _meant_by_long(key, days, spans), anchors)
    _settled(cells["assumed"].values(), lambda key: _meant_by_assumed(key, days), anchors)
    _settled(cells["loose"].values(), lambda key: None, anchors)
    anchors |= {key.mention_id: anchors[key.via] for key in keys if key.via in anchors}
    return anchors


def _settled(cells: Iterable[list[MentionKey]], meant: Callable[[MentionKey], _Event | None], anchors: dict[str, str]) -> list[_Event]:
    """The events that mentions of these cells make among themselves, where they mean none that is known. Fills anchors."""
    made: list[_Event] = []
    for cell in cells:
        own: list[_Event] = []
        for key in _finest_first(cell):
            event = meant(key) or _best([event for event in own if event.agrees(key)], key)
            if event is None:
                event = _Event(key, *key.paths, key.first_day or 0, key.last_day or 0)
                own.append(event)
            if event.anchor.tier == key.tier:
                event.add(key)
            anchors[key.mention_id] = event.anchor.mention_id
        made.extend(own)
    return made


def _finest_first(cell: list[MentionKey]) -> list[MentionKey]:
    if len(cell) == 1:
        return cell
    support = Counter(key.paths for key in cell)
    return sorted(cell, key=lambda key: (-sum(map(len, key.paths)), -support[key.paths], key.paths, key.article_id, key.mention_id))


class _Calendar:
    """Events by their first day."""

    def __init__(self, events: list[_Event]) -> None:
        self._events = sorted(events, key=lambda event: event.first_day)
        self._days = [event.first_day for event in self._events]
        self._longest = max((event.last_day - event.first_day for event in events), default=0)

    def within(self, first: int, last: int) -> Iterator[_Event]:
        """Events that share a day with the span."""
        start, end = bisect_left(self._days, first - self._longest), bisect_right(self._days, last)
        return (event for event in self._events[start:end] if event.last_day >= first)


def _meant_by_span(key: MentionKey, days: _Calendar) -> _Event | None:
    """The one event within a week or month that fits best; none where several fit alike."""
    return _only([event for event in _around(key, days) if _may_mean(key, event)], key)


def _meant_by_long(key: MentionKey, days: _Calendar, spans: _Calendar) -> _Event | None:
    """As for a span; 'in 2018' needs evidence beyond the dyad."""
    around = (*_around(key, days), *_around(key, spans))
    return _only([event for event in around if event.shares_names(key) or event.tells_words_of(key)], key)


def _meant_by_assumed(key: MentionKey, days: _Calendar) -> _Event | None:
    """The event of the last days that a mention without a date of its own likely means."""
    published = key.first_day or 0
    nearby = (event for event in days.within(published - REACH_OF_WORDS, published) if event.agrees(key))
    return _best([event for event in nearby if _reaches(key, event, published)], key)


def _around(key: MentionKey, calendar: _Calendar) -> Iterator[_Event]:
    return (event for event in calendar.within(key.first_day or 0, key.last_day or 0) if event.agrees(key))


def _reaches(key: MentionKey, event: _Event, published: int) -> bool:
    if event.first_day == published:
        return True
    if key.status_class != "happened":
        return False
    if event.tells_words_of(key):
        return True
    if published - event.last_day > REACH_TO_OTHERS:
        return False
    return event.shares_names(key) or (key.event_type not in RECURRING and bool(key.source and key.target) and event.knows_all_of(key))


def _may_mean(key: MentionKey, event: _Event) -> bool:
    return event.knows_all_of(key) or event.shares_names(key) or event.tells_words_of(key)


def _only(fitting: list[_Event], key: MentionKey) -> _Event | None:
    """The event with most in common; of several such the one that is told far more than all others, if there is one."""
    if not fitting:
        return None
    most = max(event.shares(key) for event in fitting)
    best = sorted(
        (event for event in fitting if event.shares(key) == most), key=lambda event: (-len(event.articles), event.anchor.mention_id)
    )
    is_outstanding = len(best) == 1 or len(best[0].articles) >= OUTSTANDING * len(best[1].articles)
    return best[0] if is_outstanding else None


def _best(fitting: list[_Event], key: MentionKey) -> _Event | None:
    """The event of the same article, then with most in common, nearest in time, most told, finest, smallest."""
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    return min(
        fitting,
        key=lambda event: (
            key.article_id not in event.articles,
            -event.shares(key),
            abs(event.last_day - (key.first_day or 0)),
            -event.size,
            event.source,
            event.target,
            event.place,
            event.deed,
            event.anchor.mention_id,
        ),
    )


def _general(path: Path) -> int:
    """Steps of a path that name a country, or a kind of people ('~REB') and its country."""
    return 2 if path[0].startswith("~") else 1


def _agree(one: Path, other: Path) -> bool:
    return one[: len(other)] == other[: len(one)]
