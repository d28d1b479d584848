"""Inboxes to articles and rejects: finds the files, reads their records, and puts each record right."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.articles import formats
from pipeline.articles.cleaning import clean_line, clean_text, without_headline
from pipeline.articles.dates import date_in_path, publication_time
from pipeline.articles.language import language_of
from pipeline.articles.markup import check_size, fragment_text, is_markup
from pipeline.articles.records import Article, Draft, Reject
from pipeline.articles.rejects import Reason, Refusal, printable
from pipeline.articles.sources import InboxFile, list_files
from pipeline.articles.unpacking import BROKEN, Member, broken, members
from pipeline.config import Settings

_RAW_FACTOR = 10  # Mojibake and entities take up to eight characters for one.


def read_articles(inboxes: Sequence[str], settings: Settings) -> Iterator[Article | Reject]:
    """Everything that the inboxes hold, in the order of the locators: articles, and what was refused.

    Inboxes are files, folders (read recursively), globs, or fsspec URLs of these. Nothing is written, and no address that an
    article names is opened. Raises InputError where an inbox does not exist.
    """
    for file in list_files(inboxes):
        if isinstance(file, Reject):
            yield file
        else:
            yield from read_file(file, settings)


def read_file(file: InboxFile, settings: Settings) -> Iterator[Article | Reject]:
    """The records of one file; whatever goes wrong becomes a Reject."""
    try:
        with file.open() as stream:
            left = settings.max_records
            for member in members(file.locator, stream, settings):
                for item in [member] if isinstance(member, Reject) else _read_member(member, left, settings):
                    left -= item.record_number is not None
                    yield item
    except Refusal as refusal:
        yield Reject(file.locator, None, refusal.reason, refusal.evidence)
    except OSError as error:
        yield Reject(file.locator, None, Reason.UNREADABLE, printable(error.strerror or str(error)))
    except Exception as error:  # noqa: BLE001  a library's fault in one file must not stop the batch; the reject tells of it
        yield Reject(file.locator, None, Reason.READER_FAILED, printable(f"{type(error).__name__}: {error}"))


def _read_member(member: Member, at_most: int, settings: Settings) -> Iterator[Article | Reject]:
    number = 0
    try:
        for found in formats.records(member, settings):
            if number >= at_most:
                raise Refusal(Reason.TOO_MANY_RECORDS, f"more than {settings.max_records:,} records")
            yield _finished(found, member.locator, number, settings)
            number += 1
        if not number:
            raise Refusal(Reason.EMPTY_FILE, "no record")
    except Refusal as refusal:
        yield Reject(member.locator, None, refusal.reason, refusal.evidence, refusal.raw_hash)
    except BROKEN as error:
        yield broken(member.locator, error)
    except Exception as error:  # noqa: BLE001  a library's fault in one file must not stop the batch; the reject tells of it
        yield Reject(member.locator, None, Reason.READER_FAILED, printable(f"{type(error).__name__}: {error}"))


def _finished(found: Draft | Refusal, locator: str, number: int, settings: Settings) -> Article | Reject:
    if isinstance(found, Refusal):
        return Reject(locator, number, found.reason, found.evidence, found.raw_hash)
    publisher, published, basis = clean_line(found.publisher_name), *_publication(found, locator)
    url, external_id, updated = clean_line(found.url), clean_line(found.external_id), publication_time(found.updated)
    if found.withdrawn:
        evidence, told_at = f"{found.withdrawn}: {url or external_id or 'no address'}", updated or published
        return Reject(
            locator, number, Reason.RETRACTED, printable(evidence), found.raw_hash, publisher, told_at, url=url, external_id=external_id
        )
    try:
        title = clean_line(_plain(found.title, found, settings))
        text = _stored_text(found, title, settings)
        language = _english(text, found.language)
    except Refusal as refusal:
        return Reject(locator, number, refusal.reason, refusal.evidence, found.raw_hash, publisher, published)
    except Exception as error:  # noqa: BLE001  one record must not stop its file; the reject tells of it
        evidence = printable(f"{type(error).__name__}: {error}")
        return Reject(locator, number, Reason.READER_FAILED, evidence, found.raw_hash, publisher, published)
    return Article(
        locator, number, text, language, title, published, basis, publisher,
        url, external_id, clean_line(found.dateline), updated,
    )  # fmt: skip


def _publication(found: Draft, locator: str) -> tuple[datetime | None, str | None]:
    """When the record was published, and what told so: its own words first, then its address, then the name of its file."""
    if published := publication_time(found.published):
        return published, found.published_basis
    published = date_in_path(found.url or "") or date_in_path(locator)
    return published, "path" if published else None


def _plain(text: str | None, found: Draft, settings: Settings) -> str | None:
    """The words of a field that may hold markup."""
    if text is None or not found.may_hold_markup or not is_markup(text):
        return text
    check_size(text, settings, text.encode("utf-8", "surrogatepass"))
    return fragment_text(text)


def _stored_text(found: Draft, title: str | None, settings: Settings) -> str:
    raw = _plain(found.text, found, settings) or ""
    _check_length("".join(raw.split()), _RAW_FACTOR * settings.max_article_characters)  # repairing is slow
    text = without_headline(clean_text(raw), title)
    if not any(character.isalnum() for character in text):
        raise Refusal(Reason.EMPTY_TEXT, f"title: {title}" if title else "no words")
    _check_length(text, settings.max_article_characters)
    return text


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise Refusal(Reason.TOO_MANY_CHARACTERS, f"{len(text):,} characters: {text[:200]}")


def _english(text: str, declared: str | None) -> str:
    language = language_of(text, declared)
    if language != "en":
        raise Refusal(Reason.NOT_ENGLISH, f"{language}: {text[:200]}")
    return language
