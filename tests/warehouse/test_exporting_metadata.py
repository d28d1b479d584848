"""datapackage.json and croissant.json, as their own readers see them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.contracts import EVENTS, PUBLIC
from pipeline.warehouse.exporting import FORMATS
from tests.warehouse.published import article, event, sample

pytestmark = pytest.mark.slow  # writes and reads back whole exports

EVERY_FORMAT = tuple(FORMATS)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of the sample in every format."""
    folder = tmp_path_factory.mktemp("exported")
    workspace = sample(folder, articles=[article("a2", duplicate_of="a1", similarity=0.9)])
    for form, export_form in FORMATS.items():
        export_form(workspace, folder / form)
    return {form: folder / form for form in FORMATS}


def export(form: str, folder: Path, **more: Any) -> Path:
    FORMATS[form](sample(folder, **more), folder / "out")
    return folder / "out"


def descriptor(folder: Path, file: str = "datapackage.json") -> dict[str, Any]:
    return json.loads((folder / file).read_text(encoding="utf-8"))


def validate(folder: Path) -> list[list[Any]]:
    from frictionless import Package  # takes long to import, and make check runs none of this

    report = Package.from_descriptor(descriptor(folder), basepath=str(folder)).validate()
    return report.flatten(["name", "fieldName", "type", "note"])


@pytest.mark.parametrize("form", EVERY_FORMAT)
def test_frictionless_finds_the_package_valid(form: str, exported: dict[str, Path]) -> None:
    assert validate(exported[form]) == []


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        ([event("e1")], "primary-key"),
        ([event("e2", place_id="geonames:1")], "foreign-key"),
        ([event("e2", intensity=11.0)], "constraint-error"),
        ([event("e2", quad_class="peace")], "constraint-error"),
    ],
)
def test_frictionless_would_find_what_breaks_the_contract(events: list[Any], fault: str, tmp_path: Path) -> None:
    assert fault in [found[2] for found in validate(export("csv", tmp_path, events=events))]


def test_frictionless_would_find_a_changed_file(tmp_path: Path) -> None:
    folder = export("parquet", tmp_path)
    (folder / "places.parquet").write_bytes(b"other")
    assert {found[2] for found in validate(folder)} == {"hash-count", "byte-count"}


@pytest.mark.parametrize("form", EVERY_FORMAT)
@pytest.mark.slow
def test_mlcroissant_finds_the_metadata_valid(form: str, exported: dict[str, Path], caplog: pytest.LogCaptureFixture) -> None:
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(exported[form] / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    # Licence and citation are the publisher's to give; the canonical export tells no release.
    lacking = {"license", "citeAs"} | ({"version", "datePublished"} if form == "canonical" else set())
    told = [warning for warning in dataset.metadata.ctx.issues.warnings if not any(word in warning for word in lacking)]
    assert told == []
    assert "not standard" not in caplog.text


# mlcroissant splits lines at commas, so that it can check but not read the lines of GDELT; GraphML it cannot read at all.
@pytest.mark.parametrize(
    ("form", "record_set", "column"),
    [
        ("canonical", "events", "event_id"),
        ("csv", "events", "event_id"),
        ("csv", "event_mentions", "event_id"),
        ("parquet", "events", "event_id"),
        ("parquet", "event_mentions", "event_id"),
        ("polecat", "polecat_events", "Event_ID"),
        ("geojson", "events", "event_id"),
        ("geoparquet", "events", "event_id"),
    ],
)
@pytest.mark.slow
def test_mlcroissant_reads_the_rows(form: str, record_set: str, column: str, exported: dict[str, Path]) -> None:
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(exported[form] / "croissant.json"))
    records = list(dataset.records(record_set))
    assert [record[f"{record_set}/{column}"] for record in records] == [b"e1"] * (2 if record_set == "event_mentions" else 1)


def test_lists_are_lists_to_croissant(exported: dict[str, Path]) -> None:
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(exported["parquet"] / "croissant.json"))
    (record,) = dataset.records("events")
    assert list(record["events/contexts"]) == [b"diplomatic", b"environment"]


@pytest.mark.parametrize("form", EVERY_FORMAT)
def test_every_file_is_listed_with_its_size_and_hash(form: str, exported: dict[str, Path]) -> None:
    folder = exported[form]
    hashes = {
        str(path.relative_to(folder)): f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".json"
    }
    resources = descriptor(folder)["resources"]
    parts = [part for resource in resources for part in resource.get("parts", [resource])]
    assert {part["path"]: part["hash"] for part in parts} == hashes
    assert all((folder / part["path"]).stat().st_size == part["bytes"] for part in parts)
    listed = [entry for entry in descriptor(folder, "croissant.json")["distribution"] if entry["@type"] == "cr:FileObject"]
    assert {entry["contentUrl"]: f"sha256:{entry['sha256']}" for entry in listed} == hashes


def test_the_release_tells_version_and_time(exported: dict[str, Path]) -> None:
    package = descriptor(exported["csv"])
    assert (package["name"], package["version"], package["created"]) == ("dragoman-csv", "1.0.0", "2021-06-01T12:00:00Z")
    croissant = descriptor(exported["csv"], "croissant.json")
    assert (croissant["version"], croissant["datePublished"]) == ("1.0.0", "2021-06-01")


def test_title_and_licence_are_left_to_the_publisher(exported: dict[str, Path]) -> None:
    folder = exported["csv"]
    assert not {"title", "licenses"} & set(descriptor(folder))
    assert "license" not in descriptor(folder, "croissant.json")


def test_the_schema_is_that_of_the_contracts(exported: dict[str, Path]) -> None:
    schemas = {resource["name"]: resource["schema"] for resource in descriptor(exported["csv"])["resources"]}
    assert list(schemas) == [table.name for table in PUBLIC]
    fields = {field["name"]: field for field in schemas["events"]["fields"]}
    assert list(fields) == EVENTS.column_names
    assert fields["intensity"]["type"] == "number"
    assert fields["intensity"]["constraints"] == {"required": True, "minimum": -10, "maximum": 10}
    assert fields["contexts"]["type"] == "array"
    assert fields["quad_class"]["constraints"]["enum"][0] == "verbal cooperation"
    assert all(field["description"] for field in fields.values())
    assert schemas["events"]["primaryKey"] == ["event_id"]
    keys = {key["fields"][0]: key["reference"] for key in schemas["articles"]["foreignKeys"]}
    assert keys["duplicate_of"] == {"resource": "", "fields": ["article_id"]}
    assert keys["publisher_id"] == {"resource": "publishers", "fields": ["publisher_id"]}
    # A key with unknown parts is no primary key there.
    assert "primaryKey" not in schemas["coverage"]
