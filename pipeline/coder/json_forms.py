"""The JSON lines of `dragoman code` and `dragoman annotate`: reading questions, writing answers, one for one."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import tee
from typing import Any

from pipeline.coder.coder import Coder, Dyad
from pipeline.coder.records import ActorMention, Coded, DateMention, Event, EventDate, Magnitude, PlaceMention
from pipeline.coder.relations import CharSpan
from pipeline.errors import InputError


@dataclass(frozen=True)
class Question:
    """A line of input: {"id", "text", "published"?, "dyads"?}."""

    id: object
    text: str
    published: date | None
    dyads: tuple[Dyad, ...]


def read_questions(lines: Iterable[str]) -> Iterator[Question]:
    """The questions of JSON lines, blank ones left out; InputError names the line that is none."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _question(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f'line {number}: {error}; expected {{"id", "text", "published"?: "YYYY-MM-DD", "dyads"?: […]}}') from error


def _question(fields: dict[str, Any]) -> Question:
    text = fields["text"]
    if not isinstance(text, str):
        raise TypeError("text is not a string")
    published = fields.get("published")
    dyads = tuple((_char_span(dyad.get("source"), text), _char_span(dyad.get("target"), text)) for dyad in fields.get("dyads") or ())
    return Question(fields["id"], text, date.fromisoformat(published[:10]) if published else None, dyads)


def _char_span(span: list[int] | None, text: str) -> CharSpan:
    if span is None:
        return None
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {span} lies outside of the text's {len(text)} characters")
    return start, end


def answer_code(coder: Coder, questions: Iterable[Question]) -> Iterator[dict[str, Any]]:
    """For each question its events and relations."""
    asked, answered = tee(questions)
    coded = coder.code_all((question.text, question.published, question.dyads) for question in asked)
    for question, found in zip(answered, coded, strict=True):
        yield {
            "id": question.id,
            "events": [event_json(event) for event in found.events],
            "relations": [
                {
                    "source": relation.source,
                    "target": relation.target,
                    "event_type": relation.event_type,
                    "mode": relation.mode,
                    "confidence": relation.confidence,
                }
                for relation in found.relations
            ],
        }


def answer_annotate(coder: Coder, questions: Iterable[Question]) -> Iterator[dict[str, Any]]:
    """For each question its sentences, actors, dates and places."""
    asked, answered = tee(questions)
    for question, found in zip(answered, coder.annotate_all((question.text, question.published) for question in asked), strict=True):
        yield {"id": question.id, **annotation_json(found)}


def annotation_json(found: Coded) -> dict[str, Any]:
    return {
        "sentences": [{"start": sentence.start, "end": sentence.end, "heading": sentence.heading} for sentence in found.sentences],
        "actors": [{**_role(mention), "mention": mention.mention} for mention in found.actors],
        "dates": [_date(mention) for mention in found.dates],
        "places": [_place(mention) for mention in found.places],
    }


def event_json(event: Event) -> dict[str, Any]:
    return {
        "source": _role(event.source) if event.source else None,
        "target": _role(event.target) if event.target else None,
        "event_type": event.event_type,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "status": event.status,
        "status_cue": event.status_cue,
        "quad_class": event.quad_class,
        "intensity": event.intensity,
        "cameo_code": event.cameo_code,
        "goldstein_score": event.goldstein_score,
        "trigger": {"text": event.trigger.text, "start": event.trigger.start, "end": event.trigger.end},
        "date": _event_date(event.date) if event.date else None,
        "place": {**_place(event.place.mention), "basis": event.place.basis} if event.place else None,
        "magnitude": {kind: (_amount if kind == "money" else _count)(count) for kind, count in sorted(event.magnitude.items())},
        "confidence": event.confidence,
        "made_by": event.made_by,
    }


def _role(mention: ActorMention) -> dict[str, Any]:
    return {
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
        "actor_id": mention.actor_id,
        "name": mention.name,
        "kind": mention.kind,
        "country": mention.country,
        "sectors": list(mention.sectors),
        "link_method": mention.link_method,
        "link_score": mention.link_score,
    }


def _date(mention: DateMention) -> dict[str, Any]:
    return {
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
        "type": mention.type,
        "value": mention.value,
        "from": _iso(mention.first_day),
        "to": _iso(mention.last_day),
        "precision": mention.precision,
    }


def _event_date(when: EventDate) -> dict[str, Any]:
    """The event's own days; text, offsets, type and value are null where no words told them."""
    words = _date(when.mention) if when.mention else dict.fromkeys(("text", "start", "end", "type", "value"))
    return {**words, "from": _iso(when.first_day), "to": _iso(when.last_day), "precision": when.precision, "basis": when.basis}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _place(mention: PlaceMention) -> dict[str, Any]:
    return {
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
        "geonames_id": mention.geonames_id,
        "name": mention.name,
        "country": mention.country,
        "admin1": mention.admin1,
        "latitude": mention.latitude,
        "longitude": mention.longitude,
        "precision": mention.precision,
    }


def _count(count: Magnitude) -> dict[str, Any]:
    return {"best": count.best, "low": count.low, "high": count.high, "text": count.text}


def _amount(money: Magnitude) -> dict[str, Any]:
    return {**_count(money), "currency": money.currency}
