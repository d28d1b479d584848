"""One exception for one condition. Every message says what, where, the evidence, and what to do."""

from pipeline.masking import masked


class DragomanError(Exception):
    """Something stopped the run; the message is written for the person who started it."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(masked(message))


class SeedError(DragomanError):
    """A reference file in seeds/ contradicts itself or its contract."""


class ContractError(DragomanError):
    """A built table differs from its declaration in contracts.py."""


class WorkFileUnusable(DragomanError):
    """The private work file is damaged, or an older release made it; it is made anew from the lake."""


class InputError(DragomanError):
    """The command cannot use what it was given: no such inbox, a line that is not JSON, an unknown query."""

    exit_code = 2


class ValidationFailed(DragomanError):
    """A critical expectation failed, so nothing was published."""

    exit_code = 3


class WarehouseLocked(DragomanError):
    """Another writer holds the warehouse."""

    exit_code = 5


class CodingFailed(DragomanError):
    """Coding stopped for a reason that lies in no article: a full disk, a damaged partition, a coder that does not start."""


class CoverageAlarm(DragomanError):
    """Upkeep is done, and something is unusual in what came in: a silent publisher or day, a drop, a jump."""

    exit_code = 6


class QueryRefused(DragomanError):
    """A query failed or tried to leave the reading sandbox."""
