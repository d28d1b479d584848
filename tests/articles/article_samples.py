"""Articles to write into inboxes."""

import itertools
from collections.abc import Callable
from pathlib import Path

from pipeline.articles import Article, Reject

Read = Callable[..., list[Article | Reject]]

BODY = (
    "The foreign ministers of Norway and Chile met in Oslo on Tuesday to discuss a fisheries agreement and a shared lighthouse.\n\n"
    "“We want to sign before the summer,” the Norwegian minister said after the talks, which lasted three hours."
)
_NOUNS = ("minister", "army", "union", "court", "embassy", "convoy", "parliament", "harbour", "governor", "rebels", "council", "envoy")
_VERBS = ("criticised", "met", "blocked", "praised", "sued", "visited", "warned", "shelled", "expelled", "paid", "joined", "left")


def prose(seed: int, sentences: int = 12) -> str:
    """English-looking text, another for every seed."""
    words = itertools.cycle(itertools.product(_NOUNS, _VERBS, _NOUNS))
    picked = itertools.islice(words, (seed * 37) % 1600, None, 7 + seed % 5)
    return " ".join(
        f"The {a} of region {seed} {b} the {c} on day {n} of the month, and that was the news."
        for n, (a, b, c) in zip(range(sentences), picked, strict=False)
    )


def put(folder: Path, files: dict[str, bytes | str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
