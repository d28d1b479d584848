"""Logs of a run, on stderr: lines for people, or with DRAGOMAN_LOG=json one JSON object a line for machines."""

import logging
import os
import sys
from collections.abc import Callable

import structlog

from pipeline.errors import InputError

_FORMS = ("text", "json")


def progress() -> Callable[[str, str], None]:
    """Told the name of a step and what it did. InputError where DRAGOMAN_LOG names no form. Warnings of the pipeline go the same way."""
    form = os.environ.get("DRAGOMAN_LOG", "text")
    if form not in _FORMS:
        raise InputError(f"DRAGOMAN_LOG={form!r} is not one of {', '.join(_FORMS)}")
    if form == "text":
        logging.basicConfig(format="warning  %(message)s", level=logging.WARNING)
        return lambda step, said: print(f"{step:9}{said}", file=sys.stderr)
    shared = (structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True))
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(structlog.processors.JSONRenderer(), foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    log = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr), processors=[*shared, structlog.processors.JSONRenderer()], wrapper_class=structlog.BoundLogger
    )
    return lambda step, said: log.info(said, step=step)
