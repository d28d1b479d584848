"""GDELT and POLECAT: columns by name and position, each filled with what its codebook says, and rows that no text can break."""

import csv
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Workspace
from pipeline.contracts import Column
from pipeline.resources import SEEDS
from pipeline.warehouse.exporting import FORMATS
from pipeline.warehouse.exporting.cells import tsv_cell
from tests.warehouse.published import actor, article, event, mention, sample

pytestmark = pytest.mark.slow  # writes and reads back whole exports

GDELT_EVENTS = (
    "GLOBALEVENTID SQLDATE MonthYear Year FractionDate "
    "Actor1Code Actor1Name Actor1CountryCode Actor1KnownGroupCode Actor1EthnicCode Actor1Religion1Code Actor1Religion2Code "
    "Actor1Type1Code Actor1Type2Code Actor1Type3Code "
    "Actor2Code Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode Actor2Religion1Code Actor2Religion2Code "
    "Actor2Type1Code Actor2Type2Code Actor2Type3Code "
    "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions NumSources NumArticles AvgTone "
    "Actor1Geo_Type Actor1Geo_FullName Actor1Geo_CountryCode Actor1Geo_ADM1Code Actor1Geo_ADM2Code Actor1Geo_Lat Actor1Geo_Long "
    "Actor1Geo_FeatureID "
    "Actor2Geo_Type Actor2Geo_FullName Actor2Geo_CountryCode Actor2Geo_ADM1Code Actor2Geo_ADM2Code Actor2Geo_Lat Actor2Geo_Long "
    "Actor2Geo_FeatureID "
    "ActionGeo_Type ActionGeo_FullName ActionGeo_CountryCode ActionGeo_ADM1Code ActionGeo_ADM2Code ActionGeo_Lat ActionGeo_Long "
    "ActionGeo_FeatureID DATEADDED SOURCEURL"
).split()
GDELT_MENTIONS = (
    "GLOBALEVENTID EventTimeDate MentionTimeDate MentionType MentionSourceName MentionIdentifier SentenceID Actor1CharOffset "
    "Actor2CharOffset ActionCharOffset InRawText Confidence MentionDocLen MentionDocTone MentionDocTranslationInfo Extras"
).split()
POLECAT = [
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title",
    "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
]  # fmt: skip

HOSTILE = '=cmd|\t"x"\r\ny\x0bz\u2028\x85\0end'
HOSTILE_FLAT = "'=cmd| 'x'  y z   end"


def read(path: Path, names: list[str], has_header: bool = False) -> pl.DataFrame:
    """Every cell as text; polars refuses a row with more or fewer cells than names."""
    frame = pl.read_csv(path, separator="\t", has_header=has_header, quote_char=None, infer_schema=False).fill_null("")
    assert frame.width == len(names)
    return frame if has_header else frame.rename(dict(zip(frame.columns, names, strict=True)))


def gdelt(workspace: Workspace, folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    FORMATS["gdelt"](workspace, folder)
    events = [read(path, GDELT_EVENTS) for path in sorted(folder.glob("*.export.CSV"))]
    mentions = [read(path, GDELT_MENTIONS) for path in sorted(folder.glob("*.mentions.CSV"))]
    return pl.concat(events), pl.concat(mentions)


def polecat(workspace: Workspace, folder: Path) -> list[dict[str, str]]:
    FORMATS["polecat"](workspace, folder)
    frame = read(folder / "polecat.tsv", POLECAT, has_header=True)
    assert frame.columns == POLECAT
    return frame.to_dicts()


def test_gdelt_event(tmp_path: Path) -> None:
    events, _ = gdelt(sample(tmp_path), tmp_path / "out")
    (row,) = events.to_dicts()
    filled = {name: value for name, value in row.items() if value}
    assert filled == {
        "GLOBALEVENTID": filled["GLOBALEVENTID"],
        "SQLDATE": "20210519", "MonthYear": "202105", "Year": "2021", "FractionDate": "2021.3808",
        "Actor1Code": "USAGOV", "Actor1Name": "ANTONY BLINKEN", "Actor1CountryCode": "USA", "Actor1Type1Code": "GOV",
        "Actor2Code": "RUSGOV", "Actor2Name": "SERGEI LAVROV", "Actor2CountryCode": "RUS", "Actor2Type1Code": "GOV",
        "IsRootEvent": "1", "EventCode": "042", "EventBaseCode": "042", "EventRootCode": "04", "QuadClass": "1", "GoldsteinScale": "1.9",
        "NumMentions": "2", "NumSources": "1", "NumArticles": "1",
        "ActionGeo_Type": "4", "ActionGeo_FullName": "Reykjavik, Capital Region, Iceland", "ActionGeo_CountryCode": "IC",
        "ActionGeo_Lat": "64.13548", "ActionGeo_Long": "-21.89541",
        "DATEADDED": "20210520063000", "SOURCEURL": "https://wire.example.org/a1",
    }  # fmt: skip
    assert 0 < int(row["GLOBALEVENTID"]) < 2**63


def test_gdelt_mentions(tmp_path: Path) -> None:
    events, mentions = gdelt(sample(tmp_path), tmp_path / "out")
    first, second = mentions.to_dicts()
    assert {name: value for name, value in first.items() if value} == {
        "GLOBALEVENTID": events["GLOBALEVENTID"].item(),
        "EventTimeDate": "20210520063000", "MentionTimeDate": "20210520063000",
        "MentionType": "1", "MentionSourceName": "Wire", "MentionIdentifier": "https://wire.example.org/a1",
        "Actor1CharOffset": "40", "Actor2CharOffset": "55", "ActionCharOffset": "51", "InRawText": "1", "Confidence": "87",
        "MentionDocLen": "88",
    }  # fmt: skip
    assert second["Actor1CharOffset"] == ""


def test_gdelt_files_are_named_by_day(tmp_path: Path) -> None:
    later = article("a2", published_at=datetime(2021, 5, 22, 8))
    files = FORMATS["gdelt"](sample(tmp_path, articles=[later], event_mentions=[mention("m3", article_id="a2")]), tmp_path / "out")
    assert [path.name for path in files if path.suffix == ".CSV"] == [
        "20210520000000.export.CSV", "20210520000000.mentions.CSV", "20210522000000.mentions.CSV",
    ]  # fmt: skip


# What is changed in the sample event, and what becomes of it.
COLUMNS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"quad_class": "material cooperation"}, {"QuadClass": "2"}),
    ({"quad_class": "verbal conflict"}, {"QuadClass": "3"}),
    ({"quad_class": "material conflict"}, {"QuadClass": "4"}),
    ({"cameo_code": "1823"}, {"EventCode": "1823", "EventBaseCode": "182", "EventRootCode": "18"}),
    # The country itself, its government, a type that CAMEO lacks, and no country.
    ({"source_actor_id": "USA"}, {"Actor1Code": "USA", "Actor1Type1Code": ""}),
    ({"source_sector": "SOC"}, {"Actor1Code": "USA", "Actor1Type1Code": ""}),
    ({"source_country": None, "source_sector": "REB"}, {"Actor1Code": "REB", "Actor1CountryCode": ""}),
    (
        {"target_actor_id": None, "target_name": None, "target_country": None, "target_sector": None},
        {"Actor2Code": "", "Actor2Name": ""},
    ),
    # CAMEO kept some older codes of countries.
    ({"source_country": "ROU"}, {"Actor1Code": "ROMGOV", "Actor1CountryCode": "ROM"}),
    (
        {"source_actor_id": "united-nations", "source_name": "United Nations", "source_country": None, "source_sector": "IGO"},
        {"Actor1Code": "IGOUNO", "Actor1KnownGroupCode": "UNO", "Actor1Type1Code": "IGO"},
    ),
    ({"event_date": date(2015, 2, 18)}, {"SQLDATE": "20150218", "FractionDate": "2015.1315"}),
    ({"event_date": date(2020, 12, 31)}, {"FractionDate": "2020.9890"}),
    ({"event_date": None}, {"SQLDATE": "", "MonthYear": "", "Year": "", "FractionDate": ""}),
    ({"publisher_count": 0}, {"NumSources": ""}),
    # Where nothing tells the time of the report, it is that of the release.
    ({"first_reported_at": None}, {"DATEADDED": "20210601120000"}),
]
# Precision, country, name and first-level division of a place; type, full name, country, first-level division and feature in GDELT.
PLACES: list[tuple[tuple[str | None, ...], tuple[str, ...]]] = [
    (("country", "ISL", "Iceland", None), ("1", "Iceland", "IC", "IC", "IC")),
    (("admin1", "USA", "Texas", "Texas"), ("2", "Texas, United States", "US", "USTX", "USTX")),
    (("city", "USA", "Austin", "Texas"), ("3", "Austin, Texas, United States", "US", "USTX", "")),
    (("city", "UKR", "Kharkiv", "Kharkiv"), ("4", "Kharkiv, Ukraine", "UP", "", "")),
    (("site", "UKR", "Zmiinyi Island", "Odesa"), ("4", "Zmiinyi Island, Odesa, Ukraine", "UP", "", "")),
    (("admin1", "DEU", "Bavaria", "Bavaria"), ("5", "Bavaria, Germany", "GM", "", "")),
    (("admin2", "USA", "Travis County", "Texas"), ("2", "Travis County, Texas, United States", "US", "USTX", "")),
    (("region", None, "Caspian Sea", None), ("", "Caspian Sea", "", "", "")),
    ((None, None, None, None), ("", "", "", "", "")),
]
_PLACE_COLUMNS = ("place_precision", "place_country", "place_name", "admin1")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The GDELT rows of COLUMNS and then of PLACES, exported at once; each event has an article of its own to be found by."""
    folder = tmp_path_factory.mktemp("changed")
    changes = [change for change, _ in COLUMNS] + [dict(zip(_PLACE_COLUMNS, place, strict=True)) for place, _ in PLACES]
    ids = [f"case{number:02}" for number in range(len(changes))]
    workspace = sample(
        folder,
        events=[event(event_id, **change) for event_id, change in zip(ids, changes, strict=True)],
        event_mentions=[mention(f"m {event_id}", event_id, event_id) for event_id in ids],
        articles=[article(event_id) for event_id in ids],
    )
    events, _ = gdelt(workspace, folder / "out")
    return events.filter(pl.col("SOURCEURL").str.contains("case")).sort("SOURCEURL").to_dicts()


@pytest.mark.parametrize("number", range(len(COLUMNS)))
def test_gdelt_columns(number: int, changed: list[dict[str, str]]) -> None:
    _, expected = COLUMNS[number]
    assert {name: changed[number][name] for name in expected} == expected


@pytest.mark.parametrize("number", range(len(PLACES)))
def test_gdelt_places(number: int, changed: list[dict[str, str]]) -> None:
    _, expected = PLACES[number]
    columns = ("Type", "FullName", "CountryCode", "ADM1Code", "FeatureID")
    assert tuple(changed[len(COLUMNS) + number][f"ActionGeo_{column}"] for column in columns) == expected


def test_an_article_without_address_is_cited(tmp_path: Path) -> None:
    workspace = sample(tmp_path, events=[event("e2")], event_mentions=[mention("m3", "e2", "a2")], articles=[article("a2", url=None)])
    events, mentions = gdelt(workspace, tmp_path / "out")
    assert "Wire, They met, 2021-05-20" in events["SOURCEURL"].to_list()
    cited = mentions.filter(pl.col("MentionType") == "2")
    assert cited["MentionIdentifier"].to_list() == ["Wire, They met, 2021-05-20"]


def test_an_address_that_is_none_of_the_web_is_a_citation(tmp_path: Path) -> None:
    workspace = sample(tmp_path, event_mentions=[mention("m3", article_id="a2")], articles=[article("a2", url="javascript:alert(1)")])
    _, mentions = gdelt(workspace, tmp_path / "out")
    assert mentions.filter(pl.col("MentionIdentifier") == "javascript:alert(1)")["MentionType"].to_list() == ["2"]


def test_the_first_report_is_the_earliest_article(tmp_path: Path) -> None:
    earlier = article("z9", published_at=datetime(2021, 5, 19, 23), text=None)
    undated = article("a0", published_at=None)
    reports = [mention("m3", article_id="z9"), mention("m4", article_id="a0")]
    events, _ = gdelt(sample(tmp_path, articles=[earlier, undated], event_mentions=reports), tmp_path / "out")
    assert events["SOURCEURL"].to_list() == ["https://wire.example.org/z9"]


def test_an_event_below_the_first_paragraph_is_no_root_event(tmp_path: Path) -> None:
    workspace = sample(tmp_path, events=[event("e2")], event_mentions=[mention("m3", "e2", sentence_start=80)])
    events, _ = gdelt(workspace, tmp_path / "out")
    assert sorted(events["IsRootEvent"]) == ["0", "1"]


def test_only_what_happened_is_exported(tmp_path: Path) -> None:
    others = ["future", "conditional", "negated", "historical"]
    events = [event(status, status=status) for status in others]
    workspace = sample(tmp_path, events=events, event_mentions=[mention(f"m {status}", status, status=status) for status in others])
    exported, mentions = gdelt(workspace, tmp_path / "gdelt")
    assert (exported.height, mentions.height) == (1, 2)
    assert [row["Event ID"] for row in polecat(workspace, tmp_path / "polecat")] == ["e1"]


def test_polecat_event(tmp_path: Path) -> None:
    (row,) = polecat(sample(tmp_path), tmp_path / "out")
    assert {name: value for name, value in row.items() if value} == {
        "Event ID": "e1", "Event Date": "2021-05-19", "Event Type": "CONSULT", "Event Mode": "meet", "Intensity": "2.5",
        "Quad Code": "VERBAL COOPERATION", "Contexts": "diplomatic; environment",
        "Actor Name": "Antony Blinken", "Actor Country": "USA", "Actor COW": "002", "Primary Actor Sector": "GOV", "Actor Sectors": "GOV",
        "Actor Title": "Secretary of State", "Actor Name Raw": "Mr Blinken",
        "Recipient Name": "Sergei Lavrov", "Recipient Country": "RUS", "Recipient COW": "365", "Primary Recipient Sector": "GOV",
        "Recipient Sectors": "GOV; ELI", "Recipient Title": "Foreign Minister", "Recipient Name Raw": "Mr Lavrov",
        "Placename": "Reykjavik", "City": "Reykjavik", "Province": "Capital Region", "Country": "ISL",
        "Latitude": "64.13548", "Longitude": "-21.89541", "GeoNames ID": "3413829", "Raw Placename": "the Icelandic capital",
        "Source": "Wire", "Publication Date": "2021-05-20", "Story People": "Antony Blinken; Sergei Lavrov",
        "Story Organizations": "Arctic Council", "Story Locations": "Reykjavik", "Language": "en", "Version": "x",
    }  # fmt: skip


def test_a_title_is_that_of_the_day(tmp_path: Path) -> None:
    earlier = actor("blinken", "Antony Blinken", role_name="Deputy Secretary", valid_from=date(2015, 1, 9), valid_to=date(2017, 1, 20))
    workspace = sample(
        tmp_path, actors=[earlier], events=[event("e2", event_date=date(2016, 5, 1)), event("e3", event_date=date(2019, 1, 1))]
    )
    titles = {row["Event ID"]: row["Actor Title"] for row in polecat(workspace, tmp_path / "out")}
    assert titles == {"e1": "Secretary of State", "e2": "Deputy Secretary", "e3": ""}


def test_hostile_text_breaks_no_row(tmp_path: Path) -> None:
    named = event("e2", source_name=HOSTILE, place_name=HOSTILE, mode=HOSTILE)
    told = mention("m3", "e2", "a2", source_text=HOSTILE, place_text="\x1b[31mred")
    hostile = article("a2", url=HOSTILE, title=HOSTILE, publisher_id="p2")
    publisher = {"publisher_id": "p2", "publisher_name": HOSTILE}
    workspace = sample(tmp_path, events=[named], event_mentions=[told], articles=[hostile], publishers=[publisher])
    events, mentions = gdelt(workspace, tmp_path / "gdelt")
    assert HOSTILE_FLAT.upper() in events["Actor1Name"].to_list()
    assert HOSTILE_FLAT in events["SOURCEURL"].to_list()
    assert HOSTILE_FLAT in mentions["MentionSourceName"].to_list()
    _, row = polecat(workspace, tmp_path / "polecat")
    assert (row["Actor Name"], row["Actor Name Raw"], row["Source"], row["Event Mode"]) == (HOSTILE_FLAT,) * 4
    assert row["Raw Placename"] == "\x1b[31mred"


def test_raw_keeps_what_a_spreadsheet_would_run(tmp_path: Path) -> None:
    workspace = sample(tmp_path, events=[event("e2", source_name="=1+1")])
    FORMATS["polecat"](workspace, tmp_path / "out", raw=True)
    assert "=1+1" in read(tmp_path / "out" / "polecat.tsv", POLECAT, has_header=True)["Actor Name"].to_list()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=20))
def test_any_text_is_one_cell_of_one_line(texts: list[str]) -> None:
    with duckdb.connect() as connection:
        cell = tsv_cell(Column("text", "VARCHAR", "Any"), "unnest($1)", raw=False)
        cells = [row[0] for row in connection.execute(f"select {cell}", [texts]).fetchall()]
    for text, cell in zip(texts, cells, strict=True):
        assert len(cell.splitlines()) <= 1
        assert not set(cell) & set('\t"\0')
        assert len(cell) - len(text) in (0, 1)


def test_ids_are_stable_and_differ(tmp_path: Path) -> None:
    one, _ = gdelt(sample(tmp_path / "one", events=[event("e2")]), tmp_path / "a")
    two, _ = gdelt(sample(tmp_path / "two", release_number=7, events=[event("e3"), event("e2")]), tmp_path / "b")
    assert one["GLOBALEVENTID"].n_unique() == 2
    assert set(one["GLOBALEVENTID"]) < set(two["GLOBALEVENTID"])


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_crosswalks_of_countries_and_groups() -> None:
    countries, groups = seed("crosswalks/countries.csv"), seed("crosswalks/cameo_groups.csv")
    assert [row["country"] for row in countries] == sorted(row["actor_id"] for row in seed("actors/countries.csv"))
    fips = [row["fips_code"] for row in countries if row["fips_code"]]
    assert len(set(fips)) == len(fips) and all(re.fullmatch("[A-Z]{2}", code) for code in fips)
    assert all(re.fullmatch("[A-Z]{3}", row["cameo_code"]) for row in countries + groups)
    assert groups == sorted(groups, key=lambda row: row["actor_id"])
    assert {row["actor_id"] for row in groups} <= {row["actor_id"] for row in seed("actors/actors.csv")}
