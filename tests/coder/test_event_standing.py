"""Country and sectors of an actor are those of the day of the event, not of the day of the report."""

from datetime import date

import pytest

from pipeline.coder import Coder


@pytest.mark.parametrize(
    ("text", "published", "sectors"),
    [
        ("Turkish police arrested Ekrem Imamoglu on March 19.", date(2025, 3, 20), "GOV"),  # then mayor
        ("Turkish police arrested Ekrem Imamoglu on March 19.", date(2025, 4, 10), "GOV"),  # no longer when it was told
        ("Turkish police accused Ekrem Imamoglu on Wednesday.", date(2025, 4, 10), "OPP"),
    ],
)
def test_sectors_on_the_day_of_the_event(coder: Coder, text: str, published: date, sectors: str) -> None:
    (event,) = coder.code(text, published).events
    assert event.target is not None and event.target.sectors[0] == sectors
