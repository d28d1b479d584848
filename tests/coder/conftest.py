"""spaCy loads once for all tests of the coder."""

from collections.abc import Callable
from datetime import date

import pytest
from spacy.language import Language

from pipeline.coder.document import Document, load_language, read_documents


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load_language()


@pytest.fixture(scope="session")
def read(nlp: Language) -> Callable[..., Document]:
    """read(text, published=None) -> Document; published is a date or 'YYYY-MM-DD'."""

    def read_text(text: str, published: date | str | None = None) -> Document:
        day = date.fromisoformat(published) if isinstance(published, str) else published
        return next(read_documents(nlp, [(text, day)]))

    return read_text
