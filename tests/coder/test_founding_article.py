"""The article that the project began with, machine-translated from Spanish: what it tells, with its actors.

It is not part of the project: where it is not at hand, this is skipped.
"""

from pathlib import Path

import pytest

from pipeline.coder import Coder

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "seed"

TOLD = [
    ("antony-blinken", "CONSULT", "actual", "sergey-lavrov"),
    ("sergey-lavrov", "CONSULT", "actual", "antony-blinken"),
    ("USA", "THREATEN", "conditional", "RUS"),
    ("vladimir-putin", "CONSULT", "actual", "joe-biden"),
    ("joe-biden", "CONSULT", "actual", "vladimir-putin"),
    ("joe-biden", "AGREE", "future", "vladimir-putin"),
    ("vladimir-putin", "CONSULT", "historical", "donald-trump"),
    ("donald-trump", "CONSULT", "historical", "vladimir-putin"),
    ("USA", "CONCEDE", "actual", "nord-stream-2-ag"),
    ("USA", "CONCEDE", "actual", "matthias-warnig"),
    ("joe-biden", "ACCUSE", "actual", "vladimir-putin"),
    ("RUS", "SANCTION", "actual", "USA"),  # the ambassador recalled from Washington
    ("RUS", "REQUEST", "actual", "john-sullivan-ambassador"),
    ("RUS", "MOBILIZE", "actual", "UKR"),
    (None, "COERCE", "actual", "alexei-navalny"),
]


@pytest.fixture(scope="module")
def told():
    if not FOLDER.is_dir():
        pytest.skip("the founding article is not at hand (../shared/data/seed)")
    (path,) = FOLDER.glob("*.txt")
    events = Coder().code(path.read_text(encoding="utf-8")).events
    return [(e.source and e.source.actor_id, e.event_type, e.status, e.target and e.target.actor_id) for e in events]


@pytest.mark.slow
@pytest.mark.parametrize("event", TOLD, ids=str)
def test_it_tells(told, event):
    assert event in told
