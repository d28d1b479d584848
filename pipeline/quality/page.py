"""The frame of every page: self-contained HTML in which nothing runs.

*Nothing runs*: a content security policy allows one style sheet, by its hash, and nothing else: no script, no image, no
request. *One escaping path*: every value passes display.finalize and then Jinja's autoescaping.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from pipeline.partitions import atomic_writer
from pipeline.quality import display, wording
from pipeline.quality.addresses import article_address, event_address

_TEMPLATES = Path(__file__).parent / "templates"


def rendered(template: str, **values: Any) -> str:
    """A page of templates/ as text. jinja2.UndefinedError where a value that it shows is missing."""
    style, policy = _style()
    return _environment().get_template(template).render(style=style, policy=policy, verdicts=wording.VERDICTS, **values)


def write_text(path: Path, text: str) -> Path:
    """Writes a file whole or not at all; gives its path."""
    with atomic_writer(path) as file:
        file.write(text.encode())
    return path


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=display.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "number": display.number, "percent": display.percent, "seconds": display.seconds, "signed": display.signed,
        "title": wording.title, "observed": wording.observed, "article_address": article_address, "event_address": event_address,
    }  # fmt: skip
    environment.filters.update(filters)
    return environment


@cache
def _style() -> tuple[Markup, str]:
    """The style sheet, and the policy that allows it alone."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Markup(style), f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"  # noqa: S704
