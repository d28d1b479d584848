"""Files as other data sets give them, with events that were made up for the tests."""

from pathlib import Path

ICEWS = (
    "Event ID|Event Date|Source Name|Source Sectors|Source Country|Event Text|CAMEO Code|Intensity|Target Name|Target Sectors"
    "|Target Country|Story ID|Sentence Number|Publisher|City|District|Province|Country|Latitude|Longitude"
).split("|")
POLECAT = (
    "Event ID|Event Date|Event Type|Event Mode|Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW|Primary Actor Sector"
    "|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|Recipient Country|Recipient COW|Primary Recipient Sector"
    "|Recipient Sectors|Recipient Title|Recipient Name Raw|Wikipedia Recipient ID|Placename|City|District|Province|Country|Latitude"
    "|Longitude|GeoNames ID|Raw Placename|Feature Type|Source|Publication Date|Story People|Story Organizations|Story Locations|Language"
    "|Version"
).split("|")
ACLED_OLD = (
    "data_id,iso,event_id_cnty,event_id_no_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,"
    "assoc_actor_2,inter2,interaction,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
    "notes,fatalities,timestamp,iso3"
).split(",")
ACLED_NEW = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,"
    "inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,"
    "source_scale,notes,fatalities,tags,timestamp"
).split(",")

_GDELT_PARTY = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code".split()
_GDELT_PLACE_1 = "Type Fullname CountryCode ADM1Code Lat Long FeatureID".split()
_GDELT_PLACE_2 = "Type Fullname CountryCode ADM1Code ADM2Code Lat Long FeatureID".split()


def _gdelt(place: list[str]) -> list[str]:
    return [
        *"GlobalEventID Day MonthYear Year FractionDate".split(),
        *(f"Actor{number}{name}" for number in (1, 2) for name in _GDELT_PARTY),
        *"IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions NumSources NumArticles AvgTone".split(),
        *(f"{whose}Geo_{name}" for whose in ("Actor1", "Actor2", "Action") for name in place),
        *"DATEADDED SOURCEURL".split(),
    ]


GDELT_1, GDELT_2 = _gdelt(_GDELT_PLACE_1), _gdelt(_GDELT_PLACE_2)

MEETING = {
    "GlobalEventID": "1001", "Day": "20210519", "Actor1Name": "UNITED STATES", "Actor1CountryCode": "USA", "Actor2Name": "RUSSIA",
    "Actor2CountryCode": "RUS", "EventCode": "046", "QuadClass": "1", "GoldsteinScale": "7.0", "NumMentions": "12",
    "ActionGeo_Type": "4", "ActionGeo_Fullname": "Reykjavik, Iceland (general), Iceland", "ActionGeo_CountryCode": "IC",
    "ActionGeo_Lat": "64.15", "ActionGeo_Long": "-21.95", "SOURCEURL": "https://example.org/met",
}  # fmt: skip


def line(columns: list[str], separator: str = "\t", **cells: str) -> str:
    """A row: the cells that are named, the others empty."""
    return separator.join(cells.get(name, "") for name in columns)


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    return path
