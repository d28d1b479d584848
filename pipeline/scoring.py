"""Compares the coder with articles coded by hand (seeds/gold): precision, recall and F1 by part.

A gold event counts as found where the coder has one in the same sentence; one prediction serves one gold event. What must
agree besides grows from part to part: type; both roles (spans overlap, or both open); type and roles; these and status.
Date and place are judged on the events whose type and roles are right.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipeline import resources
from pipeline.articles import Article, read_articles
from pipeline.coder.coder import Coder
from pipeline.coder.records import ActorMention, Event
from pipeline.config import Settings
from pipeline.errors import SeedError

GOLD = resources.SEEDS / "gold"

Span = tuple[int, int] | None


@dataclass(frozen=True)
class GoldEvent:
    """An event coded by hand; spans count characters of the article's text."""

    sentence_start: int
    trigger: Span
    source: Span
    target: Span
    event_type: str
    mode: str | None
    status: str
    date: str | None
    place: str | None


@dataclass(frozen=True)
class GoldArticle:
    name: str
    text: str
    published: date | None
    events: tuple[GoldEvent, ...]


Agrees = Callable[[GoldEvent, Event], bool]

_PARTS: dict[str, Agrees] = {
    "type": lambda gold, made: gold.event_type == made.event_type,
    "roles": lambda gold, made: _roles_agree(gold, made),
    "type and roles": lambda gold, made: gold.event_type == made.event_type and _roles_agree(gold, made),
    "type, mode and roles": lambda gold, made: _kind(gold) == (made.event_type, made.mode) and _roles_agree(gold, made),
    "type, roles and status": lambda gold, made: (
        (gold.event_type, gold.status) == (made.event_type, made.status) and _roles_agree(gold, made)
    ),
}
# Of events whose type and roles are right.
_SHARES: dict[str, Agrees] = {
    "date": lambda gold, made: gold.date == (_iso(made) if made.date else None),
    "place": lambda gold, made: gold.place == (made.place.mention.name if made.place else None),
}


def score_gold(folder: Path = GOLD, articles: Path = resources.SEEDS / "articles") -> pl.DataFrame:
    """A row a part: gold events, events made, right ones, precision, recall, F1 in percent."""
    golds = list(read_gold(folder, articles))
    coder = Coder()
    coded = list(coder.code_all((gold.text, gold.published, ()) for gold in golds))
    there = sum(len(gold.events) for gold in golds)
    made = sum(len(found.events) for found in coded)
    rows = []
    for part, agrees in _PARTS.items():
        right = sum(len(_matched(gold.events, found.events, agrees)) for gold, found in zip(golds, coded, strict=True))
        rows.append(_row(part, there, made, right))
    pairs = [
        pair for gold, found in zip(golds, coded, strict=True) for pair in _matched(gold.events, found.events, _PARTS["type and roles"])
    ]
    for part, agrees in _SHARES.items():
        rows.append(_row(part, len(pairs), len(pairs), sum(agrees(*pair) for pair in pairs)))
    return pl.DataFrame(rows)


def _row(part: str, there: int, made: int, right: int) -> dict[str, object]:
    precision, recall = 100 * right / max(1, made), 100 * right / max(1, there)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {
        "part": part,
        "gold": there,
        "made": made,
        "right": right,
        "precision": round(precision, 1),
        "recall": round(recall, 1),
        "f1": round(f1, 1),
    }


def _matched(golds: tuple[GoldEvent, ...], made: tuple[Event, ...], agrees: Agrees) -> list[tuple[GoldEvent, Event]]:
    """Pairs of gold and made events that agree and stand in the same sentence, each used once; triggers that overlap go first."""
    pairs: list[tuple[GoldEvent, Event]] = []
    free = list(made)
    for strict in (True, False):
        for gold in golds:
            if any(gold is other for other, _ in pairs):
                continue
            for event in free:
                near = gold.trigger is not None and gold.trigger[0] < event.trigger.end and event.trigger.start < gold.trigger[1]
                if event.sentence_start <= gold.sentence_start < event.sentence_end and (near or not strict) and agrees(gold, event):
                    pairs.append((gold, event))
                    free.remove(event)
                    break
    return pairs


def _kind(gold: GoldEvent) -> tuple[str, str | None]:
    return gold.event_type, gold.mode


def _roles_agree(gold: GoldEvent, made: Event) -> bool:
    return _overlap(gold.source, made.source) and _overlap(gold.target, made.target)


def _overlap(span: Span, role: ActorMention | None) -> bool:
    if span is None or role is None:
        return span is None and role is None
    return span[0] < role.end and role.start < span[1]


def _iso(made: Event) -> str | None:
    """The event's date as gold writes it: a day, or a month or year where that is the precision."""
    if made.date is None:
        return None
    return made.date.first_day.isoformat()[: {"month": 7, "year": 4}.get(made.date.precision, 10)]


def read_gold(folder: Path, articles: Path) -> Iterator[GoldArticle]:
    """The gold articles, in order of file name; SeedError where words of an event are not in its sentence."""
    for path in sorted(folder.glob("*.json")):
        fields = json.loads(path.read_text(encoding="utf-8"))
        article = _article(path, articles / fields["article"].split("!")[0], fields.get("record", 0))
        events = tuple(_gold_event(path, article.text, event) for event in fields["events"])
        yield GoldArticle(path.stem, article.text, article.published_at.date() if article.published_at else None, events)


def _article(path: Path, file: Path, record: int) -> Article:
    found = [read for read in read_articles([str(file)], Settings()) if isinstance(read, Article)]
    if record >= len(found):
        raise SeedError(f"{path.name}: {file} has no article {record}")
    return found[record]


def _gold_event(path: Path, text: str, fields: dict[str, str | None]) -> GoldEvent:
    start = _place_of(path, text, str(fields["sentence"]), 0, len(text), unique=True)
    # A sentence ends at most so far behind its opening words; roles and trigger are sought from there on.
    end = min(len(text), start + 900)
    spans = {}
    for name in ("trigger", "source", "target"):
        words = fields.get(name)
        at = _place_of(path, text, words, start, end) if words else None
        spans[name] = (at, at + len(words)) if words and at is not None else None
    return GoldEvent(
        start, spans["trigger"], spans["source"], spans["target"],
        str(fields["event_type"]), fields.get("mode"), str(fields["status"]), fields.get("date"), fields.get("place"),
    )  # fmt: skip


def _place_of(path: Path, text: str, words: str, start: int, end: int, unique: bool = False) -> int:
    at = text.find(words, start, end)
    if at < 0:
        raise SeedError(
            f"{path.name}: {words!r} does not stand in the article{'' if unique else ' behind the opening words of its sentence'}"
        )
    if unique and text.find(words, at + 1) >= 0:
        raise SeedError(f"{path.name}: {words!r} opens more than one sentence; give more words")
    return at
