"""Compares the coder with articles coded by hand (seeds/gold): precision, recall and F1 by part.

A gold event counts as found where the coder has one in the same sentence; one prediction serves one gold event. What must
agree besides grows from part to part: type; both roles (spans overlap, or both open); type and roles; these and status.
Date and place are judged on the events whose type and roles are right.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipeline import resources
from pipeline.articles import Article, read_articles
from pipeline.coder.coder import Coder
from pipeline.coder.records import ActorMention, Coded, Event
from pipeline.config import Settings
from pipeline.errors import SeedError

GOLD = resources.SEEDS / "gold"

Span = tuple[int, int] | None
# Where a sentence ends, read apart from the coder's own splitting: behind a stop, unless a title or an initial stands before it.
_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])[.!?][\"”’)]*(?=\s+[A-Z“\"‘]|\s*\Z)|\n\s*\n")


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
    "date": lambda gold, made: gold.date == _iso(made),
    "place": lambda gold, made: gold.place == (made.place.mention.name if made.place else None),
}


def score_gold(folder: Path = GOLD, articles: Path = resources.SEEDS / "articles") -> pl.DataFrame:
    """Codes the articles of the gold standard and compares: a row a part, as `score` gives."""
    golds = list(read_gold(folder, articles))
    return score(golds, list(Coder().code_all((gold.text, gold.published, ()) for gold in golds)))


def score(golds: Sequence[GoldArticle], coded: Sequence[Coded]) -> pl.DataFrame:
    """A row a part: gold events, events made, right ones, precision, recall, F1 in percent. One `coded` a gold article, in order."""
    pairs = [(gold.events, found.events) for gold, found in zip(golds, coded, strict=True)]
    there, made = sum(len(gold) for gold, _ in pairs), sum(len(found) for _, found in pairs)
    rows = [_row(part, there, made, sum(len(_matched(*pair, agrees)) for pair in pairs)) for part, agrees in _PARTS.items()]
    alike = [match for pair in pairs for match in _matched(*pair, _PARTS["type and roles"])]
    rows += [_row(part, len(alike), len(alike), sum(agrees(*match) for match in alike)) for part, agrees in _SHARES.items()]
    return pl.DataFrame(rows)


def right_events(golds: tuple[GoldEvent, ...], made: tuple[Event, ...]) -> list[Event]:
    """The events made whose type and roles are those of a gold event of the same sentence."""
    return [event for _, event in _matched(golds, made, _PARTS["type and roles"])]


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
    """The event's date as gold writes it: a day, or a month or year where that is the precision; the assumed one is none."""
    if made.date is None or made.date.basis == "publication":
        return None
    return made.date.first_day.isoformat()[: {"month": 7, "year": 4}.get(made.date.precision, 10)]


def read_gold(folder: Path, articles: Path) -> Iterator[GoldArticle]:
    """The gold articles, in order of file name; SeedError where words of an event are not in its sentence."""
    stored = _articles_by_locator(articles)
    for path in sorted(folder.glob("*.json")):
        fields = json.loads(path.read_text(encoding="utf-8"))
        found, record = stored.get(fields["article"], []), fields.get("record", 0)
        if record >= len(found):
            raise SeedError(f"{path.name}: {articles} has no article {fields['article']}, record {record}; name it as the ledger does")
        article = found[record]
        events = tuple(_gold_event(path, article.text, event) for event in fields["events"])
        yield GoldArticle(path.stem, article.text, article.published_at.date() if article.published_at else None, events)


def _articles_by_locator(inbox: Path) -> dict[str, list[Article]]:
    """All articles below a folder, read as the pipeline reads them: some take their date from the path."""
    found: dict[str, list[Article]] = {}
    for read in read_articles([str(inbox)], Settings()):
        if isinstance(read, Article):
            found.setdefault(read.locator, []).append(read)
    return found


def _gold_event(path: Path, text: str, fields: dict[str, str | None]) -> GoldEvent:
    openings = _occurrences(text, str(fields["sentence"]))
    if len(openings) != 1:
        raise SeedError(f"{path.name}: {fields['sentence']!r} opens {len(openings)} sentences of the article; give the words of one")
    start = openings[0][0]
    trigger = _near(path, text, fields["trigger"], start, start)
    anchor = trigger[0] if trigger else start
    return GoldEvent(
        start, trigger, _near(path, text, fields["source"], start, anchor), _near(path, text, fields["target"], start, anchor),
        str(fields["event_type"]), fields.get("mode"), str(fields["status"]), fields.get("date"), fields.get("place"),
    )  # fmt: skip


def _near(path: Path, text: str, words: str | None, start: int, anchor: int) -> Span:
    """Where words stand in the sentence that opens at start: of several occurrences the one nearest to the anchor."""
    if words is None:
        return None
    end = _SENTENCE_END.search(text, start)
    sentence = text[: end.end() if end else None]
    found = _occurrences(sentence, words, start)
    if not found:
        raise SeedError(f"{path.name}: {words!r} does not stand in the sentence {sentence[start:]!r}")
    return min(found, key=lambda span: abs(span[0] - anchor))


def _occurrences(text: str, words: str, start: int = 0) -> list[tuple[int, int]]:
    """Where words stand as whole words, however the lines are broken."""
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)")
    return [match.span() for match in pattern.finditer(text, start)]
