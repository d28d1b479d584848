"""`make bench`: accuracy against the yardsticks, and cost against a bare spaCy pass. Writes docs/ACCURACY.md, with its
figures in pipeline/quality/accuracy.json, and docs/SPEED.md.

The yardsticks lie outside of the project, in ../shared; without them only the project's own gold standard is scored.
Halves: even items (rows, documents, articles, counted from 0) are those that rules were tuned on, odd ones were kept aside.
"""

import gzip
import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl

from docs import accuracy_page
from pipeline.calibration import expected_calibration_error, judge
from pipeline.coder import Coder
from pipeline.coder.actors import find_actors
from pipeline.coder.confidence import load_confidence
from pipeline.coder.dates import find_dates
from pipeline.coder.document import read_documents
from pipeline.coder.json_forms import answer_annotate, answer_code, read_questions
from pipeline.coder.places import find_places
from pipeline.coder.version import coder_version
from pipeline.identity_scoring import score_identity
from pipeline.resources import SEEDS
from pipeline.scoring import GOLD, read_gold, score_gold
from tests import bench_warehouse
from tests.bench_warehouse import filled

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SCORE = SHARED / "score" / "score.py"
DATA = SHARED / "data"
EVENTS = DATA / "events" / "dev.tsv"
MERGED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}  # the yardstick merges these two types
_STORIES = 400  # stories timed; a tenth of a percent of the CPU time of one is noise
_ROUNDS = 3

Figures = dict[str, float]


def score(*arguments: object) -> str:
    return subprocess.run([sys.executable, str(SCORE), *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def answers(kind: str, gold: Path, out: Path, coder: Coder) -> list[dict[str, Any]]:
    """Asks the coder what the yardstick asks, and keeps the answers as JSON lines."""
    answer = answer_code if kind == "events" else answer_annotate
    found = list(answer(coder, read_questions(score(f"{kind}-input", gold).split("\n"))))
    write_lines(out, found)
    return found


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def events(coder: Coder, folder: Path) -> Iterator[tuple[str, Figures]]:
    header, *rows = EVENTS.read_text().splitlines()
    for name, part in (("all", rows), ("tuned", rows[::2]), ("kept aside", rows[1::2])):
        half = folder / "half.tsv"
        half.write_text("\n".join((header, *part)) + "\n")
        answers("events", half, folder / "out.jsonl", coder)
        yield name, json.loads(score("events", half, folder / "out.jsonl", "--json"))


def ablation(folder: Path, both: dict[str, Figures]) -> str:
    """What rules alone, the model alone and both together reach, on all sentences and on those kept aside."""
    makers = {"rules": Coder(model=False), "model": Coder(rules=False)}
    scored = {name: dict(events(coder, folder)) for name, coder in makers.items()} | {"both": both}
    names = ("relation_root_macro_f1", "relation_quad_macro_f1", "dyad_recall", "end2end_precision", "end2end_f1", "events_per_text")
    return markdown({f"{maker}, {half}": scored[maker][half] for half in ("all", "kept aside") for maker in scored}, names)


def confusions(coder: Coder, folder: Path) -> tuple[str, str]:
    """The types that were meant (rows) and chosen (columns) for the marked dyads, and the pairs most often taken for each other."""
    out = answers("events", EVENTS, folder / "out.jsonl", coder)
    meant = [line.partition("\t")[0] for line in EVENTS.read_text().splitlines()[1:]]
    chosen = [MERGED.get(kind := answer["relations"][0]["event_type"], kind) for answer in out]
    counts = Counter(zip(meant, chosen, strict=True))
    kinds = sorted({*meant, *chosen})
    matrix = f"| | {' | '.join(kind[:4] for kind in kinds)} |\n|---|{'---:|' * len(kinds)}\n"
    matrix += "".join(f"| {one} | {' | '.join(str(counts[one, other] or '') for other in kinds)} |\n" for one in kinds)
    worst = [(pair, count) for pair, count in counts.most_common() if pair[0] != pair[1]][:20]
    return matrix, "| meant | chosen | dyads |\n|---|---|---:|\n" + "".join(f"| {a} | {b} | {count} |\n" for (a, b), count in worst)


def reliability() -> str:
    """Of events at some confidence, how many in a hundred are right; on the gold articles kept aside and on those tuned on."""
    golds, confidence = list(read_gold(GOLD, SEEDS / "articles")), load_confidence()
    text = ""
    for name, part in (("kept aside", golds[0::2]), ("tuned", golds[1::2])):
        table = judge(part, Coder()).reliability(confidence)
        text += (
            f"{name}, expected calibration error {expected_calibration_error(table):.1f} points:\n\n    said     events  mean said  right\n"
        )
        for part_name, count, sure, right in table.select("part", "events", "confidence", "right").iter_rows():
            text += f"    {part_name:<10}{count:>4}{sure:>10.1f}{right:>8.1f}  {'#' * round(right / 2.5)}\n"
        text += "\n"
    return text


def dates(coder: Coder, folder: Path, name: str) -> Iterator[tuple[str, Figures]]:
    files = sorted(path for path in (DATA / "dates" / name).glob("*.tml") if not path.name.startswith("._"))
    for half, part in (("all", files), ("tuned", files[::2]), ("kept aside", files[1::2])):
        place = folder / f"{name}-{half.replace(' ', '-')}"
        place.mkdir()
        for path in part:
            (place / path.name).symlink_to(path)
        answers("dates", place, folder / "out.jsonl", coder)
        yield half, json.loads(score("dates", place, folder / "out.jsonl", "--json"))


def places(coder: Coder, folder: Path) -> Iterator[tuple[str, Figures]]:
    gold, out = DATA / "places" / "lgl.xml", folder / "out.jsonl"
    found = answers("places", gold, out, coder)
    for name, part in (("all", found), ("tuned", found[::2]), ("kept aside", found[1::2])):
        write_lines(out, part)
        yield name, json.loads(score("places", gold, out, "--json"))


def cost(coder: Coder) -> Figures:
    """CPU time over the same stories, best of several rounds: bare spaCy, and each part on top in percent of it."""
    with gzip.open(DATA / "stories" / "reuters21578.jsonl.gz", "rt") as lines:
        stories = [json.loads(line) for line in lines][8000 : 8000 + _STORIES]
    texts = [(story["text"], date.fromisoformat(story["published"][:10])) for story in stories]
    list(coder.nlp.pipe(text for text, _ in texts[:50]))
    documents = list(read_documents(coder.nlp, texts))
    parts: dict[str, Callable[[], object]] = {
        "bare spaCy": lambda: list(coder.nlp.pipe(text for text, _ in texts)),
        "layout": lambda: list(read_documents(coder.nlp, texts)),
        "actors": lambda: [find_actors(document, coder.actors) for document in documents],
        "dates": lambda: [find_dates(document) for document in documents],
        "places": lambda: [find_places(document, coder.gazetteer) for document in documents],
        "all": lambda: list(coder.code_all((text, day, ()) for text, day in texts)),
    }
    best: Figures = {}
    for name, work in [*parts.items()] * _ROUNDS:
        started = process_time()
        work()
        best[name] = min(best.get(name, 1e9), process_time() - started)
    bare = best.pop("bare spaCy")
    shares = {"layout": 100 * (best["layout"] - bare) / bare}
    shares |= {name: 100 * best[name] / bare for name in ("actors", "dates", "places")}
    shares["events"] = 100 * (best["all"] - best["layout"] - best["actors"] - best["dates"] - best["places"]) / bare
    shares["together"] = 100 * (best["all"] - bare) / bare
    made = sum(len(coded.events) for coded in coder.code_all((text, day, ()) for text, day in texts))
    return {**shares, "events per 100 stories": 100 * made / len(texts)}


def markdown(figures: dict[str, Figures], keep: tuple[str, ...]) -> str:
    head = f"| | {' | '.join(figures)} |\n|---|{'---:|' * len(figures)}\n"
    return head + "".join(f"| {name} | {' | '.join(f'{part[name]:.1f}' for part in figures.values())} |\n" for name in keep)


def identity() -> str:
    """What is one event, on the sets of seeds/gold/identity."""
    parts = {row["part"]: row for row in score_identity().iter_rows(named=True)}
    shares = ("precision", "recall", "kept_apart")
    return markdown({part: {name: 100 * row[name] for name in shares} for part, row in parts.items()}, shares)


def gold_table(frame: pl.DataFrame) -> str:
    head = "| part | gold | made | right | precision | recall | F1 |\n|---|---:|---:|---:|---:|---:|---:|\n"
    return head + "".join(f"| {' | '.join(map(str, row))} |\n" for row in frame.iter_rows())


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def main() -> None:
    started = process_time()
    coder = Coder()
    load_seconds = process_time() - started
    load_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    made = {"stamp": f"Taken at commit `{commit()}` with coder `{coder_version()}`, by `make bench`.\n", "gold": gold_table(score_gold())}
    made["reliability"] = reliability()
    made["identity"] = identity()
    if SCORE.exists():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            relation = ("relation_root_macro_f1", "relation_quad_macro_f1", "relation_binary_macro_f1")
            found = ("dyad_recall", "end2end_recall", "end2end_precision", "end2end_f1", "events_per_text")
            scored = dict(events(coder, folder))
            made["events"] = markdown(scored, relation + found)
            made["figures"] = in_short(scored)
            made["ablation"] = ablation(folder, scored)
            made["confusions"], made["worst"] = confusions(coder, folder)
            for corpus in ("timebank", "aquaint"):
                made[corpus] = markdown(dict(dates(coder, folder, corpus)), ("relaxed_f1", "strict_f1", "type_f1", "value_f1"))
            made["places"] = markdown(dict(places(coder, folder)), ("span_recall", "acc161_of_all", "acc161_of_found"))
        shares = cost(coder)
        made["cost"] = markdown({"% of bare spaCy": shares}, tuple(shares))
        made["cost"] += (
            f"\nDictionaries and gazetteer load in {load_seconds:.1f} s of CPU time; the process holds {load_megabytes:.0f} MB then.\n"
        )
    made |= bench_warehouse.tables()
    for name, text in made.items():
        print(f"== {name}\n{text}")
    for page in (ROOT / "docs" / "ACCURACY.md", bench_warehouse.PAGE, ROOT / "README.md"):
        page.write_text(filled(page.read_text(), made))
    # In a process of its own: what a child is told to have held begins with what its parent holds.
    subprocess.run([sys.executable, "-m", "tests.bench_runs"], check=True, cwd=ROOT)
    (ROOT / "pipeline" / "quality" / "accuracy.json").write_text(accuracy_page.figures((ROOT / "docs" / "ACCURACY.md").read_text()))


def in_short(scored: dict[str, Figures]) -> str:
    """The figures of README."""
    f1 = {half: figures["end2end_f1"] for half, figures in scored.items()}
    return (
        f"\n    Dragoman {f1['all']:.1f} F1 ({f1['tuned']:.1f} on the half that rules were tuned on, {f1['kept aside']:.1f} on the other);"
        " the older open coders 29 to 30\n\n"
    )


if __name__ == "__main__":
    main()
