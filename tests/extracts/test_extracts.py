"""Each reader: a file as the data set gives it -> our shape; and what is no event is told."""

import gzip
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.contracts import EVENT_TYPES
from pipeline.errors import InputError
from pipeline.extracts import EXTRACT, READERS, Extract, files, read_acled, read_extract, read_gdelt, read_icews, read_polecat, table
from pipeline.extracts.crosswalks import plover_types
from tests.extracts.samples import ACLED_NEW, ACLED_OLD, GDELT_1, GDELT_2, ICEWS, MEETING, POLECAT, line, write


def row(extract: Extract, columns: str) -> tuple[Any, ...]:
    assert extract.events.schema == EXTRACT.polars_schema
    assert extract.events.height == 1
    return extract.events.select(columns.split()).row(0)


# ---------------------------------------------------------------- GDELT


@pytest.mark.parametrize("columns", [GDELT_1, GDELT_1[:-1], GDELT_2], ids=["1.0", "backfile", "2.0"])
def test_gdelt_in_its_three_widths(tmp_path: Path, columns: list[str]) -> None:
    assert len(columns) in (57, 58, 61)
    found = read_gdelt(write(tmp_path / "20210519.export.CSV", line(columns, **MEETING)))
    assert row(found, "extract_event_id event_date source_country target_country source_name event_type quad_class cameo_code") == (
        "1001", date(2021, 5, 19), "USA", "RUS", "UNITED STATES", "CONSULT", "verbal cooperation", "046",
    )  # fmt: skip
    assert row(found, "goldstein_score place_country latitude longitude mention_count") == (7.0, "ISL", 64.15, -21.95, 12)
    assert row(found, "source_url") == ("https://example.org/met" if len(columns) != 57 else None,)


@pytest.mark.parametrize(
    ("cells", "columns", "expected"),
    [
        # GDELT's actors have CAMEO's country codes, its places those of FIPS.
        ({"Actor1CountryCode": "ROM", "ActionGeo_CountryCode": "RS"}, "source_country place_country", ("ROU", "RUS")),
        # A region is no country.
        ({"Actor1CountryCode": "AFR", "Actor2CountryCode": ""}, "source_country target_country", (None, None)),
        # The middle of a country is no place.
        ({"ActionGeo_Type": "1"}, "latitude longitude place_country", (None, None, "ISL")),
        ({"ActionGeo_Lat": "north", "ActionGeo_Long": "-1234"}, "latitude longitude", (None, None)),
        ({"EventCode": "020"}, "event_type", ("REQUEST",)),
        ({"EventCode": "010"}, "event_type", (None,)),
        ({"EventCode": "---"}, "event_type cameo_code", (None, "---")),
    ],
)
def test_gdelt_cells(tmp_path: Path, cells: dict[str, str], columns: str, expected: tuple[Any, ...]) -> None:
    assert row(read_gdelt(write(tmp_path / "x.CSV", line(GDELT_2, **MEETING | cells))), columns) == expected


def test_zipped_and_gzipped(tmp_path: Path) -> None:
    text = line(GDELT_2, **MEETING) + "\n"
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("20210519.export.CSV", text)
        archive.writestr("readme.pdf", "not a table")
    (tmp_path / "x.gz").write_bytes(gzip.compress(text.encode()))
    both = read_extract("gdelt", [tmp_path / "x.zip", tmp_path / "x.gz"])
    assert both.events["extract_event_id"].to_list() == ["1001", "1001"]


# ---------------------------------------------------------------- ICEWS

ATTACK = {
    "Event ID": "7", "Event Date": "2021-05-23", "Source Name": "Taliban", "Source Country": "Afghanistan", "CAMEO Code": "190",
    "Intensity": "-10.0", "Target Name": "Military (Russia)", "Target Country": "Russian Federation", "City": "Kandahar",
    "Country": "Afghanistan", "Latitude": "31.61", "Longitude": "65.71",
}  # fmt: skip


def icews(tmp_path: Path, **cells: str) -> Extract:
    return read_icews(write(tmp_path / "events.2021.tab", "\t".join(ICEWS), line(ICEWS, **ATTACK | cells)))


def test_icews(tmp_path: Path) -> None:
    found = icews(tmp_path)
    assert row(found, "extract_event_id event_date source_country target_country event_type quad_class goldstein_score") == (
        "7", date(2021, 5, 23), "AFG", "RUS", "ASSAULT", "material conflict", -10.0,
    )  # fmt: skip
    assert row(found, "place_name place_country latitude longitude") == ("Kandahar", "AFG", 31.61, 65.71)


@pytest.mark.parametrize(
    ("cells", "columns", "expected"),
    [
        # A spreadsheet took the zero away.
        ({"CAMEO Code": "42"}, "cameo_code event_type", ("042", "CONSULT")),
        ({"CAMEO Code": "042"}, "cameo_code event_type", ("042", "CONSULT")),
        ({"City": ""}, "place_name latitude", ("Afghanistan", None)),
        ({"Source Country": "Atlantis", "Target Country": ""}, "source_country target_country", (None, None)),
        ({"Source Name": '"Vladimir ""Putin"""'}, "source_name", ('Vladimir ""Putin',)),
    ],
)
def test_icews_cells(tmp_path: Path, cells: dict[str, str], columns: str, expected: tuple[Any, ...]) -> None:
    assert row(icews(tmp_path, **cells), columns) == expected


# ---------------------------------------------------------------- POLECAT

RIOT = {
    "Event ID": "AFG-1", "Event Date": "2021-05-22", "Event Type": "PROTEST", "Event Mode": "riot", "Actor Name": "Protesters",
    "Actor Country": "AFG", "Recipient Name": "None", "Recipient Country": "None", "Placename": "Kandahar", "City": "Kandahar",
    "Country": "AFG", "Latitude": "31.61", "Longitude": "65.71",
}  # fmt: skip


def test_polecat(tmp_path: Path) -> None:
    assert len(POLECAT) == 40
    found = read_polecat(write(tmp_path / "week.txt", "\t".join(POLECAT), line(POLECAT, **RIOT)))
    assert row(found, "extract_event_id event_date source_country target_country target_name event_type quad_class place_country") == (
        "AFG-1", date(2021, 5, 22), "AFG", None, None, "PROTEST", "material conflict", "AFG",
    )  # fmt: skip
    assert row(found, "latitude longitude cameo_code goldstein_score") == (31.61, 65.71, None, None)


@pytest.mark.parametrize(
    ("header", "end"),
    [
        ([*POLECAT[:3], "Headline", *POLECAT[3:]], ""),  # a name to which the rows have no cell
        ([*POLECAT, "", ""], "\t\t"),  # empty cells at the end
    ],
)
def test_polecat_files_that_are_out_of_shape(tmp_path: Path, header: list[str], end: str) -> None:
    found = read_polecat(write(tmp_path / "week.txt", "\t".join(header), line(POLECAT, **RIOT) + end))
    assert row(found, "source_country event_type latitude") == ("AFG", "PROTEST", 31.61)


# ---------------------------------------------------------------- ACLED

SHELLING = {
    "event_id_cnty": "MLI12", "event_date": "08 January 2021",
    "event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike",
    "actor1": "Military Forces of Mali (2020-2021)", "actor2": "Civilians (Burkina Faso)", "iso": "466", "country": "Mali",
    "location": "Bounti", "latitude": "15.1", "longitude": "-2.6", "fatalities": "19", "notes": '"Struck, it is said,\na ""wedding""."',
}  # fmt: skip


@pytest.mark.parametrize("columns", [ACLED_OLD, ACLED_NEW, [name.upper() for name in ACLED_OLD]], ids=["old", "new", "capitals"])
def test_acled_before_and_since_2023(tmp_path: Path, columns: list[str]) -> None:
    cells = {"data_id": "9"} | SHELLING
    cells |= {name.upper(): value for name, value in cells.items()}
    found = read_acled(write(tmp_path / "acled.csv", ",".join(columns), line(columns, ",", **cells)))
    assert row(found, "extract_event_id event_date source_country target_country event_type quad_class") == (
        "MLI12", date(2021, 1, 8), "MLI", "BFA", "ASSAULT", "material conflict",
    )  # fmt: skip
    assert row(found, "source_name place_name place_country latitude fatalities") == (
        "Military Forces of Mali (2020-2021)", "Bounti", "MLI", 15.1, 19,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "columns", "expected"),
    [
        ({"event_date": "2021-01-08"}, "event_date", (date(2021, 1, 8),)),
        ({"event_date": "08-January-2021"}, "event_date", (date(2021, 1, 8),)),
        ({"event_date": "08/01/2021"}, "event_date", (date(2021, 1, 8),)),
        ({"event_type": "Riots", "sub_event_type": "Mob violence"}, "event_type", ("ASSAULT",)),
        ({"event_type": "Riots", "sub_event_type": "Violent demonstration"}, "event_type", ("PROTEST",)),
        ({"event_type": "Riots/Protests", "sub_event_type": ""}, "event_type", ("PROTEST",)),
        ({"event_type": "Strategic developments", "sub_event_type": "Arrests"}, "event_type", ("COERCE",)),
        ({"event_type": "Strategic developments", "sub_event_type": "Other"}, "event_type quad_class", (None, None)),
        # Which country a movement belongs to is not in its name.
        ({"actor1": "JNIM: Group for Support", "actor2": ""}, "source_country target_country target_name", (None, None, None)),
        ({"actor1": "Police Forces of South Africa", "actor2": "Protesters (Peru)"}, "source_country target_country", ("ZAF", "PER")),
        ({"iso": "", "country": "Ivory Coast"}, "place_country", ("CIV",)),
        ({"iso": "4"}, "place_country", ("AFG",)),
    ],
)
def test_acled_cells(tmp_path: Path, cells: dict[str, str], columns: str, expected: tuple[Any, ...]) -> None:
    found = read_acled(write(tmp_path / "acled.csv", ",".join(ACLED_NEW), line(ACLED_NEW, ",", **SHELLING | cells)))
    assert row(found, columns) == expected


def test_acled_with_semicolons_and_a_mark_at_its_start(tmp_path: Path) -> None:
    found = read_acled(write(tmp_path / "acled.csv", "\ufeff" + ";".join(ACLED_NEW), line(ACLED_NEW, ";", **SHELLING)))
    assert row(found, "extract_event_id") == ("MLI12",)


# ---------------------------------------------------------------- what is no event


def test_bad_rows_are_counted_and_told(tmp_path: Path) -> None:
    good = [line(GDELT_2, **MEETING | {"GlobalEventID": str(number)}) for number in range(8)]
    bad = [
        "cut off\tafter\tthree",
        line(GDELT_2, **MEETING | {"Day": "20211345"}),
        line(GDELT_2, **MEETING | {"GlobalEventID": "<b>"}),
        line(GDELT_2, **MEETING) + "\tand more",
    ]
    path = write(tmp_path / "x.CSV", *good, "", *bad)
    path.write_bytes(path.read_bytes() + b"\xff\xfe\x00\n")
    found = read_gdelt(path)
    assert found.events.height == 8
    assert found.bad_rows == 5
    assert found.examples == (
        "x.CSV:10: 3 cells, expected 61",
        "x.CSV:11: no readable date",
        "x.CSV:12: no event id",
        "x.CSV:13: 62 cells, expected 61",
        "x.CSV:14: 1 cells, expected 61",
    )


@pytest.mark.parametrize(
    ("data_set", "text", "message"),
    [
        ("gdelt", "a,b\n1,2\n", "GDELT events have 57, 58 or 61 tab-separated columns, its first line has 1"),
        ("gdelt", "\t" * 15 + "\n", r"its first line has 16 \(the Mentions table\)"),
        ("gdelt", "", "its first line has 1"),
        ("gdelt", ("x" + "\t" * 60 + "\n") * 3, "3 of 3 rows are no events of this data set: x:1: no event id"),
        ("icews", "Event ID\tEvent Date\n", "no ICEWS file: its header lacks Source Name, Source Country"),
        ("polecat", "\t".join(ICEWS), "no POLECAT file: its header lacks Event Type, Actor Name"),
        ("acled", "a,b\n", r"no ACLED export: its header lacks event_id_cnty and data_id; it begins with 'a,b'"),
        ("acled", "event_id_cnty,event_date\n", "no ACLED file: its header lacks event_type, actor1"),
        ("phoenix", "", "no reader for 'phoenix'; there are gdelt, icews, polecat, acled"),
    ],
)
def test_a_wrong_file_is_told_apart(tmp_path: Path, data_set: str, text: str, message: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(InputError, match=message):
        read_extract(data_set, [tmp_path / "x"])


def test_no_file_and_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_gdelt(tmp_path / "none.zip")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match="cannot be read: File is not a zip file"):
        read_gdelt(tmp_path / "broken.zip")
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as archive:
        archive.writestr("x.png", b"")
    with pytest.raises(InputError, match="the archive holds no .csv"):
        read_gdelt(tmp_path / "pictures.zip")


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "x.CSV", *[line(GDELT_2, **MEETING)] * 4)
    monkeypatch.setattr(table, "MAX_ROWS", 3)
    with pytest.raises(InputError, match="more than 3 events; compare a shorter period"):
        read_gdelt(path)
    with zipfile.ZipFile(tmp_path / "bomb\x1b[31m.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("\x1b[2Jx.CSV", b"0" * 3_000_000)
    monkeypatch.setattr(files, "MAX_BYTES", 2**21)
    with pytest.raises(InputError) as refused:
        read_gdelt(tmp_path / "bomb\x1b[31m.zip")
    assert "larger than 0 GB when unpacked" in str(refused.value)
    assert "\x1b" not in str(refused.value)


HOSTILE = "'; drop table events; -- <script>alert(1)</script> =cmd() \x1b[31m {{7*7}} ../../etc/passwd"


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    found = read_gdelt(write(tmp_path / "x.CSV", line(GDELT_2, **MEETING | {"Actor1Name": HOSTILE, "SOURCEURL": HOSTILE})))
    assert row(found, "source_name source_url") == (HOSTILE, HOSTILE)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(sorted(READERS)))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, data_set: str) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    header = {"icews": "\t".join(ICEWS), "polecat": "\t".join(POLECAT), "acled": ",".join(ACLED_NEW), "gdelt": line(GDELT_2, **MEETING)}
    path.write_bytes(header[data_set].encode() + b"\n" + data)
    try:
        assert READERS[data_set](path).events.schema == EXTRACT.polars_schema
    except InputError as error:
        assert "no events of this data set" in str(error)


# ---------------------------------------------------------------- crosswalk


@pytest.mark.parametrize(
    ("code", "event_type"),
    [
        ("036", "AGREE"), ("057", "SUPPORT"), ("0811", "CONCEDE"), ("0871", "RETREAT"), ("090", "ACCUSE"), ("1041", "REQUEST"),
        ("116", "SANCTION"), ("1384", "THREATEN"), ("145", "PROTEST"), ("164", "SANCTION"), ("1823", "ASSAULT"),
        ("191", "COERCE"), ("20", "ASSAULT"),
    ],
)  # fmt: skip
def test_cameo_codes_have_their_type(code: str, event_type: str) -> None:
    assert plover_types()[code] == event_type


def test_every_cameo_code_but_statements_has_a_type() -> None:
    types = plover_types()
    assert set(types.values()) == set(EVENT_TYPES)
    assert not [code for code in types if code.startswith("01")]


# ---------------------------------------------------------------- the command


def test_compare_needs_a_file_and_a_known_query(tmp_path: Path) -> None:
    path = write(tmp_path / "x.CSV", line(GDELT_2, **MEETING), "bad")
    told = CliRunner().invoke(app, ["compare", "gdelt", str(path), "--query", "timeline", "-w", str(tmp_path / "none.duckdb")])
    assert (told.exit_code, told.stdout) == (2, "")
    assert "1 events of gdelt, 1 bad rows" in told.stderr
    assert "no saved query 'timeline' that reads an extract; there are compare_events, compare_months, compare_types" in told.stderr
    assert "give at least one file" in CliRunner().invoke(app, ["compare", "gdelt", "country=USA"]).stderr
