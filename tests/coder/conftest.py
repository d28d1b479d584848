"""spaCy loads once for all tests of the coder."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from spacy.language import Language

from pipeline.codebook.actors import load_actor_book
from pipeline.coder import Coder
from pipeline.coder.actors import ActorIndex
from pipeline.coder.document import Document, read_documents


@pytest.fixture(scope="session")
def nlp(coder: Coder) -> Language:
    return coder.nlp


@pytest.fixture(scope="session")
def read(nlp: Language) -> Callable[..., Document]:
    """read(text, published=None) -> Document; published is a date or 'YYYY-MM-DD'."""

    def read_text(text: str, published: date | str | None = None) -> Document:
        day = date.fromisoformat(published) if isinstance(published, str) else published
        return next(read_documents(nlp, [(text, day)]))

    return read_text


@pytest.fixture(scope="session")
def small_actors() -> ActorIndex:
    """The few actors of small_actors/, so that these tests do not depend on the rows of seeds/actors."""
    return ActorIndex.of(load_actor_book(Path(__file__).parent / "small_actors"))
