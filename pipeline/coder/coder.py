"""The coder's front door: `Coder().code(text, published)`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import tee

from spacy.language import Language
from spacy.tokens import Span

from pipeline.codebook.currencies import load_currencies
from pipeline.coder.actors import find_actors
from pipeline.coder.books import load_books
from pipeline.coder.classifier import Classifier
from pipeline.coder.confidence import Evidence, load_confidence
from pipeline.coder.dates import date_event, find_dates
from pipeline.coder.decision import settle
from pipeline.coder.document import Document, load_language, read_documents
from pipeline.coder.events.contexts import ContextFinder
from pipeline.coder.events.extraction import Extracted, extract
from pipeline.coder.events.magnitude import MagnitudeFinder, Telling
from pipeline.coder.events.proposals import propose
from pipeline.coder.events.roles import Roles
from pipeline.coder.places import find_places, place_event
from pipeline.coder.records import ActorMention, Coded, Event, EventDate, Magnitude, Relation, Trigger
from pipeline.coder.relations import CharSpan, relate

# An event that ended longer before publication than this is background, not news.
_NEWS_LASTS = timedelta(days=31)

Dyad = tuple[CharSpan, CharSpan]

# Read once a process and never changed: a second Coder takes no time.
_classifier = cache(Classifier)
_language = cache(load_language)


class Coder:
    """Reads texts and finds actors, dates, places and events. Holds no state between texts: equal texts give equal results."""

    def __init__(self, *, rules: bool = True, model: bool = True) -> None:
        """rules, model: which of the two tells events and relations; one alone serves to measure what it is worth."""
        self._by_rules, self._by_model = rules, model
        books = load_books()
        self.ontology, self.triggers, self.actors, self.gazetteer = books.ontology, books.triggers, books.actors, books.gazetteer
        self._contexts = ContextFinder()
        self._magnitudes = MagnitudeFinder(load_currencies())
        self._country_names = {actor.actor_id: actor.name for actor in self.actors.book.actors.values() if actor.kind == "country"}

    @cached_property
    def classifier(self) -> Classifier:
        return _classifier()

    @cached_property
    def confidence(self) -> Callable[[Evidence], float]:
        return load_confidence()

    @cached_property
    def nlp(self) -> Language:
        return _language()

    def code(self, text: str, published: date | None = None, dyads: Sequence[Dyad] = ()) -> Coded:
        """Everything in one text. published anchors relative dates; dyads ask what holds between given character spans."""
        return next(self.code_all([(text, published, dyads)]))

    def code_all(self, texts: Iterable[tuple[str, date | None, Sequence[Dyad]]]) -> Iterator[Coded]:
        """As `code`, for many texts, in order; parses them in batches."""
        for_parser, for_dyads = tee(texts)
        documents = read_documents(self.nlp, ((text, published) for text, published, _ in for_parser))
        for document, (_, _, dyads) in zip(documents, for_dyads, strict=True):
            yield self.code_document(document, dyads)

    def code_document(self, document: Document, dyads: Sequence[Dyad] = ()) -> Coded:
        """As `code`, for a text that is parsed already."""
        found = self._annotate(document)
        events = tuple(self._events(document, found))
        relations = tuple(self._relate(document, source, target) for source, target in dyads)
        return Coded(found.sentences, found.actors, found.dates, found.places, events, relations)

    def annotate_all(self, texts: Iterable[tuple[str, date | None]]) -> Iterator[Coded]:
        """Sentences, actors, dates and places of texts, in order, without events."""
        for document in read_documents(self.nlp, texts):
            yield self._annotate(document)

    def _annotate(self, document: Document) -> Coded:
        return Coded(
            sentences=document.sentences,
            actors=tuple(find_actors(document, self.actors)),
            dates=tuple(find_dates(document)),
            places=tuple(find_places(document, self.gazetteer)),
        )

    def _events(self, document: Document, found: Coded) -> Iterator[Event]:
        roles = Roles(document, found.actors, found.places, self._country_names)
        for span in document.spans:
            if document.headings[span.start]:
                continue
            extracted = self._told(span, roles)
            if not extracted:
                continue
            contexts = self._contexts.of_sentence(span)
            figures = self._magnitudes.of_events(span, [_telling(event) for event in extracted])
            for event, counts in zip(extracted, figures, strict=True):
                yield self._event(document, event, found, contexts, counts)

    def _told(self, sentence: Span, roles: Roles) -> list[Extracted]:
        """The events of a sentence by rules, by the model, or by both."""
        told = extract(sentence, roles, self.triggers) if self._by_rules else []
        if not self._by_model:
            return told
        proposed = list(propose(sentence, roles, self.triggers, told))
        return settle(sentence, told, proposed, self.classifier, self.confidence)

    def _relate(self, document: Document, source: CharSpan, target: CharSpan) -> Relation:
        book, classifier = self.triggers if self._by_rules else None, self.classifier if self._by_model else None
        return relate(document, source, target, book, classifier)

    def _event(
        self, document: Document, event: Extracted, found: Coded, sentence_contexts: dict[str, int], counts: dict[str, Magnitude]
    ) -> Event:
        anchor, composed = event.anchor, event.composed
        when = date_event(document, anchor, list(found.dates))
        where = place_event(document, anchor, list(found.places))
        contexts = ContextFinder.of_event(sentence_contexts, event.source, event.target)
        kind = self.ontology.event_type(composed.event_type, composed.mode)
        cameo = self.ontology.cameo(composed.event_type, composed.mode, contexts)
        sentence = document.sentences[document.sentence_index[anchor.i]]
        return Event(
            source=self._on_its_day(event.source, when, document.published),
            target=self._on_its_day(event.target, when, document.published),
            event_type=composed.event_type,
            mode=composed.mode,
            contexts=contexts,
            status=_status(composed.status, when, document.published),
            status_cue=composed.cue,
            quad_class=kind.quad_class,
            intensity=kind.intensity,
            cameo_code=cameo.cameo_code,
            goldstein_score=cameo.goldstein_score,
            trigger=Trigger(anchor.idx, anchor.idx + len(anchor), document.text[anchor.idx : anchor.idx + len(anchor)]),
            date=when,
            place=where,
            magnitude=counts,
            sentence_start=sentence.start,
            sentence_end=sentence.end,
            confidence=event.confidence,
            made_by=event.made_by,
        )

    def _on_its_day(self, actor: ActorMention | None, when: EventDate | None, published: date | None) -> ActorMention | None:
        """With the country and sectors of the office held when the event was; what the words themselves told stays."""
        if actor is None or actor.actor_id is None or when is None or when.basis == "publication":
            return actor
        book, actor_id = self.actors.book, actor.actor_id
        if not book.role_on(actor_id, when.first_day) or (actor.country, actor.sectors) != book.standing_on(actor_id, published):
            return actor
        country, sectors = book.standing_on(actor_id, when.first_day)
        return replace(actor, country=country, sectors=sectors)


def _telling(event: Extracted) -> Telling:
    target = event.target
    return Telling(event.anchor, event.composed.event_type, event.composed.mode, (target.start, target.end) if target else None)


def _status(status: str, when: EventDate | None, published: date | None) -> str:
    """An actual event with an old date of its own is history."""
    if status == "actual" and when and published and when.basis != "publication" and when.last_day < published - _NEWS_LASTS:
        return "historical"
    return status
