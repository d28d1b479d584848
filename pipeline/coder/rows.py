"""What the coder found, as rows of the partition tables in contracts.py."""

import hashlib
from collections.abc import Iterator

from pipeline.coder.records import ActorMention, Coded, Event, EventPlace, Magnitude
from pipeline.contracts import MAGNITUDES

Row = dict[str, object]

# Coordinates stand in events only for places that are points: a country's middle is no place where anything happened.
_POINTS = {"site", "city", "admin2"}


def coded_article_row(article_id: str, coded: Coded, coder_version: str) -> Row:
    sentences = sum(not sentence.heading for sentence in coded.sentences)
    return {
        "article_id": article_id,
        "coder_version": coder_version,
        "sentence_count": sentences,
        "event_count": len(coded.events),
        "failure": None,
    }


def failed_article_row(article_id: str, failure: str, coder_version: str) -> Row:
    """The row of an article on which the coder failed: it has no mentions, and is listed among the rejects."""
    return {"article_id": article_id, "coder_version": coder_version, "sentence_count": 0, "event_count": 0, "failure": failure}


def mention_rows(article_id: str, text: str, coded: Coded, coder_version: str) -> Iterator[Row]:
    """One row of contracts.CODED_MENTIONS an event."""
    for event in coded.events:
        sentence = text[event.sentence_start : event.sentence_end]
        yield {
            "mention_id": _mention_id(article_id, event),
            "article_id": article_id,
            "event_type": event.event_type,
            "mode": event.mode,
            "contexts": list(event.contexts),
            "quad_class": event.quad_class,
            "intensity": event.intensity,
            "cameo_code": event.cameo_code,
            "goldstein_score": event.goldstein_score,
            "status": event.status,
            "status_cue": event.status_cue,
            **_date(event),
            **_role("source", event.source),
            **_role("target", event.target),
            **_span("trigger", event.trigger.start, event.trigger.end, event.trigger.text),
            **_place(event.place),
            "sentence_text": sentence,
            "sentence_start": event.sentence_start,
            "sentence_end": event.sentence_end,
            **_counts(event.magnitude),
            "confidence": event.confidence,
            "made_by": event.made_by,
            "coder_version": coder_version,
        }


def actor_mention_rows(article_id: str, coded: Coded, coder_version: str) -> Iterator[Row]:
    """One row of contracts.ACTOR_MENTIONS a span."""
    for mention in coded.actors:
        yield {
            "actor_mention_id": _hash(article_id, mention.start, mention.end),
            "article_id": article_id,
            "mention_text": mention.text,
            "mention_start": mention.start,
            "mention_end": mention.end,
            "mention_type": mention.mention,
            "actor_id": mention.actor_id,
            "actor_name": mention.name,
            "kind": mention.kind,
            "country": mention.country,
            "sectors": list(mention.sectors),
            "link_method": mention.link_method,
            "link_score": mention.link_score,
            "coder_version": coder_version,
        }


def _mention_id(article_id: str, event: Event) -> str:
    roles = (part for role in (event.source, event.target) for part in ((role.start, role.end, role.actor_id) if role else ("", "", "")))
    return _hash(article_id, event.trigger.start, event.trigger.end, *roles, event.event_type, event.status)


def _hash(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:20]


def _date(event: Event) -> Row:
    when = event.date
    mention = when.mention if when else None
    return {
        "event_date": when.first_day if when else None,
        "event_date_end": when.last_day if when else None,
        "date_precision": when.precision if when else None,
        "date_basis": when.basis if when else None,
        **(_span("date", mention.start, mention.end, mention.text) if mention else _span("date")),
    }


def _role(role: str, mention: ActorMention | None) -> Row:
    return {
        f"{role}_actor_id": mention.actor_id if mention else None,
        f"{role}_name": mention.name if mention else None,
        f"{role}_country": mention.country if mention else None,
        f"{role}_sector": mention.sectors[0] if mention and mention.sectors else None,
        f"{role}_sectors": list(mention.sectors) if mention else [],
        **(_span(role, mention.start, mention.end, mention.text) if mention else _span(role)),
    }


def _span(name: str, start: int | None = None, end: int | None = None, text: str | None = None) -> Row:
    return {f"{name}_text": text, f"{name}_start": start, f"{name}_end": end}


def _place(place: EventPlace | None) -> Row:
    mention = place.mention if place else None
    point = mention is not None and mention.precision in _POINTS
    return {
        **(_span("place", mention.start, mention.end, mention.text) if mention else _span("place")),
        "place_id": mention.place_id if mention else None,
        "place_name": mention.name if mention else None,
        "admin1": mention.admin1 if mention else None,
        "place_country": mention.country if mention else None,
        "latitude": mention.latitude if mention and point else None,
        "longitude": mention.longitude if mention and point else None,
        "place_precision": mention.precision if mention else None,
        "place_basis": place.basis if place else None,
    }


def _counts(magnitude: dict[str, Magnitude]) -> Row:
    row: Row = {}
    for name in MAGNITUDES:
        count = magnitude.get(name)
        row[name] = count.best if count else None
        row[f"{name}_low"] = count.low if count else None
        row[f"{name}_high"] = count.high if count else None
        row[f"{name}_text"] = count.text if count else None
    money = magnitude.get("money")
    row["money_currency"] = money.currency if money else None
    return row
