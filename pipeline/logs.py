"""Logs of a run, on stderr: lines for people, or with DRAGOMAN_LOG=json one JSON object a line for machines. No credential is in them."""

import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import structlog

from pipeline.errors import InputError
from pipeline.masking import masked

_FORMS = ("text", "json")


class _Lines(logging.Formatter):
    """Warnings for people."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def progress() -> Callable[[str, str], None]:
    """Told the name of a step and what it did. InputError where DRAGOMAN_LOG names no form. Warnings of the pipeline go the same way."""
    form = os.environ.get("DRAGOMAN_LOG", "text")
    if form not in _FORMS:
        raise InputError(f"DRAGOMAN_LOG={form!r} is not one of {', '.join(_FORMS)}")
    handler = logging.StreamHandler()
    if form == "text":
        handler.setFormatter(_Lines("warning  %(message)s"))
        logging.basicConfig(handlers=[handler], level=logging.WARNING)
        return lambda step, said: print(masked(f"{step:9}{said}"), file=sys.stderr)
    described = (structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True))
    written = (structlog.processors.format_exc_info, _masked_values, structlog.processors.JSONRenderer())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written], foreign_pre_chain=described
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr), processors=[*described, *written], wrapper_class=structlog.BoundLogger)
    return lambda step, said: log.info(said, step=step)


def _masked_values(_: Any, __: str, told: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {name: masked(value) if isinstance(value, str) else value for name, value in told.items()}
