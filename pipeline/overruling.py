"""A decision that the audit, the warehouse and the report know of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Overruling:
    """A person's decision to release a batch although checks failed on it."""

    batch_id: str
    checks: tuple[str, ...]
    """Names of the failed checks that it covers; one that fails later is not covered."""
    decided_by: str
    reason: str
    decided_at: datetime
    """UTC."""
