"""Where the explorer, the page explorer.html beside the report, shows articles and events."""

from urllib.parse import quote

from pipeline.quality.checks import Passage


def article_address(passage: Passage) -> str:
    """The article, open at the sentence where the passage has one."""
    return _address("article", passage.article_id, passage.mention_id)


def event_address(passage: Passage) -> str:
    return _address("event", passage.event_id)


def _address(kind: str, *keys: str | None) -> str:
    """Keys are quoted whole: whatever stands in one, it stays one part of the address."""
    return "/".join(("explorer.html#", kind, *(quote(key, safe="", errors="replace") for key in keys if key is not None)))
