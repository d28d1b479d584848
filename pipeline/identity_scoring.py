"""Measures what is one event, on reports whose events are known (seeds/gold/identity), from text through coder and warehouse.

Reports share an event where a mention of the expected type has the same event_id in both. Precision: of the pairs of reports that
share an event, how many tell the same one; a near miss tells an event of its own. Recall: of the pairs that tell the same one, how
many share it; reports without a mention of the expected type are left out, for that is the coder's recall.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import duckdb
import polars as pl

from pipeline import resources
from pipeline.config import Settings, Workspace
from pipeline.flow import code_all, ingest, load

IDENTITY = resources.SEEDS / "gold" / "identity"

_MENTIONS = "select external_id, event_type, event_id from event_mentions join articles using (article_id)"


@dataclass(frozen=True)
class Report:
    """A text whose event is known. Reports of one `event` tell the same; `number` counts clusters or pairs from 0, in file order."""

    report_id: str
    group: str
    number: int
    is_near_miss: bool
    event: str
    event_type: str
    publisher: str
    published: str
    title: str
    text: str


Found = dict[str, frozenset[str]]
"""Event ids by report, of mentions of the expected type."""


def score_identity(folder: Path = IDENTITY) -> pl.DataFrame:
    """Codes the reports of a folder into one warehouse and compares: rows as `score` gives."""
    reports = read_reports(folder)
    return score(reports, resolve(reports))


def read_reports(folder: Path) -> list[Report]:
    """The reports of clusters.csv, and both tellings of each pair of near_misses.csv."""
    clusters = pl.read_csv(folder / "clusters.csv", infer_schema=False)
    numbers = {name: number for number, name in enumerate(clusters["cluster"].unique(maintain_order=True))}
    reports = [
        Report(
            f"{row['cluster']}:{position}", row["cluster"], numbers[row["cluster"]], False, row["cluster"],
            row["event_type"], row["publisher"], row["published"], row["title"], row["text"],
        )
        for position, row in enumerate(clusters.iter_rows(named=True))
    ]  # fmt: skip
    for number, row in enumerate(pl.read_csv(folder / "near_misses.csv", infer_schema=False).iter_rows(named=True)):
        for side in "12":
            told = f"{row['pair']}:{side}"
            reports.append(
                Report(
                    told, row["pair"], number, True, told, row["event_type"],
                    row[f"publisher_{side}"], row[f"published_{side}"], "", row[f"text_{side}"],
                )
            )  # fmt: skip
    return reports


def resolve(reports: Sequence[Report]) -> Found:
    """Builds one warehouse of all reports, and reads which events each tells; a reprint or a text without such a mention has none."""
    expected = {report.report_id: report.event_type for report in reports}
    found: defaultdict[str, set[str]] = defaultdict(set)
    with tempfile.TemporaryDirectory() as name:
        for report_id, event_type, event_id in _mentions(reports, Path(name)):
            if expected[report_id] == event_type:
                found[report_id].add(event_id)
    return {report_id: frozenset(events) for report_id, events in found.items()}


def _mentions(reports: Iterable[Report], folder: Path) -> list[tuple[str, str, str]]:
    """(report_id, event_type, event_id) of every mention in a warehouse of the reports."""
    inbox, workspace, settings = folder / "inbox", Workspace(folder / "warehouse.duckdb"), Settings()
    inbox.mkdir()
    (inbox / "reports.jsonl").write_text("".join(_record(report) for report in reports), encoding="utf-8")
    batch = ingest([str(inbox)], workspace, settings)
    code_all(batch.shards, workspace, settings, workers=1)
    load(batch, workspace, settings)
    with duckdb.connect(str(workspace.work_file), read_only=True) as connection:
        return connection.execute(_MENTIONS).fetchall()


def _record(report: Report) -> str:
    fields = {"id": report.report_id, "publisher": report.publisher, "published_at": report.published, "text": report.text}
    return json.dumps(fields | ({"title": report.title} if report.title else {})) + "\n"


def score(reports: Sequence[Report], found: Found) -> pl.DataFrame:
    """A row for all, for the half that rules are tuned on (even clusters and pairs) and for the one kept aside, in shares of 1.

    clusters, pairs: how many there are; reports: those with a mention of the expected type. recall_by_cluster is the mean over
    clusters, where recall, over pairs of reports, is ruled by the large ones. kept_apart: near-miss pairs that share no event.
    """
    parts = {"all": reports, "tuned": [r for r in reports if r.number % 2 == 0], "kept aside": [r for r in reports if r.number % 2]}
    return pl.DataFrame([_row(part, members, found) for part, members in parts.items()])


def _row(part: str, reports: Sequence[Report], found: Found) -> dict[str, object]:
    told = [report for report in reports if found.get(report.report_id)]
    sharing = [pair for pair in combinations(told, 2) if shares(*pair, found)]
    right = [pair for pair in sharing if pair[0].event == pair[1].event]
    recalls = {cluster: recall for cluster, recall, _ in by_cluster(told, found)}
    same = sum(len(members) * (len(members) - 1) // 2 for members in _grouped(told, False).values())
    near = _grouped(reports, True)
    apart = sum(not shares(one, other, found) for one, other in near.values())
    return {
        "part": part,
        "clusters": len(_grouped(reports, False)),
        "pairs": len(near),
        "reports": len(told),
        "precision": _share(len(right), len(sharing)),
        "recall": _share(len(right), same),
        "recall_by_cluster": _share(sum(recalls.values()), len(recalls)),
        "kept_apart": _share(apart, len(near)),
    }


def by_cluster(reports: Iterable[Report], found: Found) -> Iterator[tuple[str, float, list[Report]]]:
    """For each cluster its recall, and the reports that share no event with most of its others: where to look for the fault."""
    for cluster, members in _grouped((r for r in reports if found.get(r.report_id)), False).items():
        partners = {report: sum(shares(report, other, found) for other in members) - 1 for report in members}
        strays = [report for report, count in partners.items() if 2 * count < len(members) - 1]
        yield cluster, _share(sum(partners.values()), len(members) * (len(members) - 1)), strays


def shares(one: Report, other: Report, found: Found) -> bool:
    """Whether some event is told by both."""
    return not found.get(one.report_id, frozenset()).isdisjoint(found.get(other.report_id, frozenset()))


def _grouped(reports: Iterable[Report], is_near_miss: bool) -> dict[str, list[Report]]:
    groups: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.is_near_miss == is_near_miss:
            groups[report.group].append(report)
    return groups


def _share(part: float, whole: float) -> float:
    """Nothing asked is nothing missed."""
    return round(part / whole, 3) if whole else 1.0
