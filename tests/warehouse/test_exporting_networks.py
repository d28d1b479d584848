"""Networks: what networkx reads from GraphML, and the same edges as CSV."""

from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Workspace
from pipeline.warehouse.exporting import FORMATS
from pipeline.warehouse.exporting.network import xml_text
from tests.warehouse.published import actor, event, publish_rows, sample

pytestmark = pytest.mark.slow  # writes and reads back whole exports

HOSTILE = '<b>&"]]>\x00\x1b[31m\ufffe'


def meetings(folder: Path) -> Workspace:
    """Two talks, one accusation, and what makes no edge: a threat yet to come, a deed without target."""
    accusation = event("e3", quad_class="verbal conflict", intensity=-3.0, goldstein_score=-2.0, mention_count=5)
    more = [
        event("e2", event_date=date(2021, 6, 16), intensity=0.1, goldstein_score=0.2),
        accusation,
        event("e4", status="future", quad_class="material conflict"),
        event("e5", target_actor_id=None, target_name=None, target_country=None),
    ]
    return sample(folder, events=more)


def graph(workspace: Workspace, folder: Path) -> Any:
    import networkx

    FORMATS["graphml"](workspace, folder)
    return networkx.read_graphml(folder / "actors.graphml")


def test_networkx_reads_actors_and_edges_by_quad_class(tmp_path: Path) -> None:
    read = graph(meetings(tmp_path), tmp_path / "out")
    assert dict(read.nodes(data=True)) == {
        "blinken": {"name": "Antony Blinken", "kind": "person", "country": "USA"},
        "lavrov": {"name": "Sergei Lavrov", "kind": "person", "country": "RUS"},
    }
    cooperation = {
        "quad_class": "verbal cooperation", "event_count": 2, "mention_count": 4, "intensity_sum": 2.6, "goldstein_sum": 2.1,
        "first_date": "2021-05-19", "last_date": "2021-06-16",
    }  # fmt: skip
    conflict = cooperation | {
        "quad_class": "verbal conflict", "event_count": 1, "mention_count": 5, "intensity_sum": -3.0, "goldstein_sum": -2.0,
        "last_date": "2021-05-19",
    }  # fmt: skip
    edges = [(source, target, {key: value for key, value in data.items() if key != "id"}) for source, target, data in read.edges(data=True)]
    assert edges == [("blinken", "lavrov", conflict), ("blinken", "lavrov", cooperation)]
    assert read.is_directed() and read.is_multigraph()


def test_an_undated_edge_has_no_dates(tmp_path: Path) -> None:
    workspace = publish_rows(tmp_path, {"events": [event(event_date=None)], "actors": [actor("blinken", "B"), actor("lavrov", "L")]})
    ((_, _, edge),) = graph(workspace, tmp_path / "out").edges(data=True)
    assert "first_date" not in edge and edge["event_count"] == 1


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    rows = [event("e2", source_actor_id=HOSTILE, source_name=HOSTILE)]
    read = graph(sample(tmp_path, events=rows, actors=[actor(HOSTILE, HOSTILE)]), tmp_path / "out")
    shown = '<b>&"]]>\ufffd\ufffd[31m\ufffd'
    assert read.nodes[shown]["name"] == shown
    assert read.has_edge(shown, "lavrov")


@given(st.text())
def test_any_text_can_stand_in_xml(text: str) -> None:
    cleaned = xml_text(text)
    element = ElementTree.Element("a", {"b": cleaned})
    assert ElementTree.fromstring(ElementTree.tostring(element)).get("b") is not None
    assert len(cleaned) == len(text)


def test_an_empty_network(tmp_path: Path) -> None:
    assert len(graph(publish_rows(tmp_path, {}), tmp_path / "out")) == 0


def edges(workspace: Workspace, folder: Path, name: str, raw: bool = False) -> list[dict[str, object]]:
    FORMATS["edges"](workspace, folder, raw)
    return pl.read_csv(folder / f"{name}_edges.csv", try_parse_dates=True).to_dicts()


def test_edges_between_countries(tmp_path: Path) -> None:
    conflict, cooperation = edges(meetings(tmp_path), tmp_path / "out", "country")
    assert cooperation == {
        "source_country": "USA", "target_country": "RUS", "quad_class": "verbal cooperation", "event_count": 2, "mention_count": 4,
        "intensity_sum": 2.6, "goldstein_sum": 2.1, "first_date": date(2021, 5, 19), "last_date": date(2021, 6, 16),
    }  # fmt: skip
    assert (conflict["quad_class"], conflict["mention_count"]) == ("verbal conflict", 5)


def test_csv_and_graphml_tell_the_same_edges(tmp_path: Path) -> None:
    workspace = meetings(tmp_path)
    read = graph(workspace, tmp_path / "graph")
    of_graph = {(source, target, data["quad_class"], data["event_count"]) for source, target, data in read.edges(data=True)}
    rows = edges(workspace, tmp_path / "out", "actor")
    assert {(row["source_actor_id"], row["target_actor_id"], row["quad_class"], row["event_count"]) for row in rows} == of_graph


@pytest.mark.parametrize(("raw", "expected"), [(False, "'=1+1"), (True, "=1+1")])
def test_edges_are_safe_in_a_spreadsheet(raw: bool, expected: str, tmp_path: Path) -> None:
    rows = edges(sample(tmp_path, events=[event("e2", source_actor_id="=1+1")]), tmp_path / "out", "actor", raw)
    assert expected in [row["source_actor_id"] for row in rows]
