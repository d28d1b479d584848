"""Why a file or record is refused. Nothing is dropped in silence: every refusal is a row with a reason code."""

import re
from enum import StrEnum

from pipeline.masking import masked

_EVIDENCE_CHARACTERS = 500
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


class Reason(StrEnum):
    """A reason code; `sentence` says what it means, for docs/RUNBOOK.md."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> "Reason":
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    UNREADABLE = "unreadable", "The file could not be opened or read: no permission, gone, or an error of the disk or the object store."
    NOT_A_FILE = "not_a_file", "A link, device, pipe or socket lies in the inbox; links are not followed and devices not opened."
    EMPTY_FILE = "empty_file", "The file or archive member holds no bytes, or no record."
    DAMAGED = "damaged", "The compressed file, archive, Parquet or WARC file is broken or cut short; what came before the break was kept."
    ENCRYPTED = "encrypted", "The archive member is protected by a password."
    UNSUPPORTED_FORMAT = "unsupported_format", "The bytes are of a kind that no reader knows, such as PDF, an image, or an office document."
    BINARY = "binary", "The bytes are neither text nor any known format."
    MALFORMED = "malformed", "The record or document breaks the rules of its format: JSON, CSV, XML, HTML or HTTP."
    HTTP_ERROR = "http_error", "The archived answer of the web server is an error or a redirection, not a page."
    NO_TEXT_FIELD = "no_text_field", "The record or table has no field with a name under which text is known (text, body, content …)."
    EMPTY_TEXT = "empty_text", "Nothing is left to read once markup, white space and control characters are gone."
    NOT_ENGLISH = "not_english", "The text is in another language; the evidence names it."
    RETRACTED = (
        "retracted",
        "The outlet takes an article back: this record says so, or this article is the one; its events are withdrawn.",
    )
    TOO_MANY_BYTES = (
        "too_many_bytes",
        "The file, as it lies or unpacked, is larger than max_file_bytes; records before the limit were kept.",
    )
    TOO_MANY_RECORDS = "too_many_records", "The file holds more than max_records records; those before the limit were kept."
    TOO_MANY_MEMBERS = (
        "too_many_members",
        "The archive, alone or with those it lies in, lists more than max_archive_members members; none of it was read.",
    )
    RECORD_TOO_LARGE = "record_too_large", "One record, page or line is larger than max_record_bytes."
    TOO_MANY_CHARACTERS = "too_many_characters", "The cleaned text is longer than max_article_characters."
    TOO_MANY_ELEMENTS = (
        "too_many_elements",
        "The page or feed has more than max_page_elements elements, or one with over 1,000 attributes; it would take too long.",
    )
    TOO_DEEP = "too_deep", "JSON, HTML or a feed is nested deeper than max_nesting, or deep throughout."
    ARCHIVE_TOO_DEEP = "archive_too_deep", "Archives or compressed files lie in each other deeper than max_archive_depth."
    EXPANSION_RATIO = (
        "expansion_ratio",
        "The compressed bytes unpack to more than max_expansion_ratio times their size, as a decompression bomb does.",
    )
    FORGOTTEN = (
        "forgotten",
        "The article was forgotten on request, which the evidence gives the reason of: its text, and all that was read in it, are gone.",
    )
    CODER_FAILED = (
        "coder_failed",
        "The article was read, but the coder failed on it; the evidence says where. Worth a report with the text.",
    )
    READER_FAILED = "reader_failed", "A library failed on the record in a way that no other code covers; worth a report with the file."


class Refusal(Exception):
    """One file or record cannot be used; what was seen stands in `evidence`, the hash of the refused bytes beside it."""

    def __init__(self, reason: Reason, evidence: str, raw_hash: str | None = None) -> None:
        super().__init__(f"{reason}: {evidence}")
        self.reason = reason
        self.evidence = printable(evidence)
        self.raw_hash = raw_hash


def printable(text: str) -> str:
    """Text safe to store as evidence: control characters made spaces, credentials masked, at most 500 characters."""
    plain = masked(_UNPRINTABLE.sub(" ", text[: 4 * _EVIDENCE_CHARACTERS])).strip()
    return plain if len(plain) <= _EVIDENCE_CHARACTERS else plain[: _EVIDENCE_CHARACTERS - 1] + "…"
