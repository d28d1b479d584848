"""Publication times as outlets write them -> naive UTC, or nothing."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import Article
from pipeline.articles.dates import date_in_path, publication_time
from tests.articles.article_samples import BODY, Read

NOON = datetime(2021, 5, 20, 12, 0)
DAY = datetime(2021, 5, 20)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-05-20", DAY),
        ("2021-05-20T12:00:00Z", NOON),
        ("2021-05-20T14:00:00+02:00", NOON),  # zones become UTC
        ("2021-05-20 07:00:00 -0500", NOON),
        ("2021-05-20T12:00:00.000Z", NOON),
        ("2021-05-20 12:00 UTC", NOON),
        ("Thu, 20 May 2021 12:00:00 GMT", NOON),
        ("Thu, 20 May 2021 08:00:00 EDT", NOON),
        ("20-MAY-2021 12:00:00.79", NOON),
        ("May 20, 2021", DAY),
        ("20 May 2021", DAY),
        ("20th May 2021", DAY),
        ("Thursday, May 20, 2021", DAY),
        ("May 20, 2021 at 12:00 PM", NOON),
        ("2021/05/20", DAY),
        ("20210520", DAY),
        ("20210520T120000Z", NOON),
        ("20210520120000", NOON),
        ("20/05/2021", DAY),
        ("05/20/2021", DAY),
        ("05/05/2021", datetime(2021, 5, 5)),
        (1621512000, NOON),
        (1621512000000, NOON),
        ("1621512000", NOON),
        (20210520, DAY),
        (date(2021, 5, 20), DAY),
        (datetime(2021, 5, 20, 14, tzinfo=timezone(timedelta(hours=2))), NOON),
    ],
)
def test_times_that_tell(written: object, expected: datetime) -> None:
    assert publication_time(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "05/06/2021",  # two readings
        "2021-13-45", "2021-02-30", "0001-01-01", "9999-12-31",  # impossible or implausible
        "May 20", "12:30", "Thursday", "May 2021",  # parts are missing, and none is filled from today
        "today", "", "   ", None, True, 7, 3.5e300, float("nan"), [], {"a": 1}, "x" * 10_000,
    ],
)  # fmt: skip
def test_times_that_tell_nothing(written: object) -> None:
    assert publication_time(written) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2021-05-20.txt", DAY),
        ("wire_20210520_0042.jsonl.gz", DAY),
        ("2021/05/20/story.html", DAY),
        ("archive/2020-01-01/2021_05_20.txt", DAY),  # the file name is nearer than the folder
        ("https://example.org/2021/5/20/talks", DAY),
        ("2021-13-20.txt", None),
        ("articleshow/3306055.cms", None),
        ("id-120210520.txt", None),  # a longer number
        ("20210520123.txt", None),
        ("2021/05/story.txt", None),
        ("1066-10-14.txt", None),
    ],
)
def test_dates_in_paths(path: str, expected: datetime | None) -> None:
    assert date_in_path(path) == expected


def test_a_record_says_more_than_its_page_and_that_more_than_its_file_name(read: Read) -> None:
    found = read(
        {
            "2019-01-01/a.txt": f"Date: 2021-05-20\n\n{BODY}",
            "2019-01-01/b.txt": BODY,
            "c.txt": BODY,
            "d.json": f'{{"text": "{BODY.partition(chr(10))[0]}", "url": "https://example.org/2021/05/20/talks", "date": "soon"}}',
        }
    )
    told = [(item.published_at, item.published_basis) for item in found if isinstance(item, Article)]
    assert told == [(datetime(2021, 5, 20), "header"), (datetime(2019, 1, 1), "path"), (None, None), (datetime(2021, 5, 20), "path")]


@given(st.text(max_size=80) | st.integers() | st.floats() | st.datetimes() | st.dates())
def test_whatever_is_written_gives_a_plausible_naive_time_or_none(written: object) -> None:
    moment = publication_time(written)
    assert moment is None or (moment.tzinfo is None and 1800 <= moment.year <= 2099)
