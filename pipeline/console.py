"""What a person sees in the terminal: tables and summaries.

*Text only*: whatever comes from articles or the warehouse is printed as plain text, its control characters made visible,
so that nothing in it is taken for a terminal code or for markup.
"""

import csv
import io
import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from pipeline.contracts import MAGNITUDES
from pipeline.provenance import makers

if TYPE_CHECKING:
    import polars as pl

    from pipeline.codebook.triggers import TriggerRow
    from pipeline.config import Settings, Workspace
    from pipeline.flow import Run

_PIPE_WIDTH = 160
_LONGEST_CELL = 160  # characters of a cell in a table; CSV and JSON are never cut
# Controls beyond those that JSON escapes anyway, and what turns, joins or hides characters.
_HIDDEN = re.compile("[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_STYLES = {"verbal cooperation": "green", "material cooperation": "green", "verbal conflict": "yellow", "material conflict": "red"}


def plain(value: object) -> str:
    """A value in one line of harmless characters: control and direction characters become visible escapes."""
    text = "" if value is None else str(value)
    return "".join(character if unicodedata.category(character)[0] != "C" else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return " " if character in "\n\t" else f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def screen() -> Console:
    """The terminal; where output goes to a file or pipe, wide enough for a table."""
    return Console() if sys.stdout.isatty() else Console(width=_PIPE_WIDTH)


def print_table(frame: "pl.DataFrame", title: str | None = None, console: Console | None = None) -> None:
    """A frame as a table, numbers to the right, long cells cut."""
    table = RichTable(
        title=Text(plain(title)) if title else None, title_justify="left", header_style="bold", show_edge=False, pad_edge=False
    )
    for name, kind in frame.schema.items():
        table.add_column(Text(plain(name)), justify="right" if kind.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(_cell(value) for value in row))
    (console or screen()).print(table)


def _cell(value: object) -> Text:
    if isinstance(value, float):
        return Text(f"{value:.10g}")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = plain(value)
    return Text(text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…", style=_STYLES.get(text, ""))


def as_csv(frame: "pl.DataFrame") -> str:
    """RFC 4180 lines with a header; lists become JSON. Cells that a spreadsheet would run as a formula get a leading quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_csv_cell(value) for value in row] for row in frame.iter_rows())
    return out.getvalue()


def _csv_cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def as_json(frame: "pl.DataFrame") -> str:
    """One JSON object a row, one row a line; dates in ISO form."""
    return "".join(json_line(row) for row in frame.iter_rows(named=True))


def json_line(value: object) -> str:
    """A value as a line of JSON: letters as they are, whatever a terminal would obey or hide as an escape."""
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], json.dumps(value, ensure_ascii=False, default=_json_value)) + "\n"


def print_data(text: str) -> None:
    """Prints CSV or JSON: into a file or pipe as it is, on a terminal with control and direction characters made visible."""
    if sys.stdout.isatty():
        text = "\n".join(map(plain, text.split("\n")))
    sys.stdout.write(text)


def _json_value(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def print_facts(facts: Sequence[tuple[str, object]], console: Console | None = None) -> None:
    """Names and values in two columns."""
    width = max(len(name) for name, _ in facts)
    console = console or screen()
    for name, value in facts:
        console.print(Text(f"  {name:<{width}}  {plain(value)}"))


def saved_query_table() -> "pl.DataFrame":
    """The saved queries: name, what a row is, parameters."""
    import polars as pl

    from pipeline.warehouse.reading import saved_queries

    return pl.DataFrame(
        [
            {
                "query": f"{saved.name} (dragoman compare)" if saved.needs_extract else saved.name,
                "a row is": saved.grain,
                "parameters": saved.signature(),
            }
            for saved in saved_queries().values()
        ]
    )


def print_run(done: "Run", workspace: "Workspace", settings: "Settings") -> None:
    """What a run did: counts, events with their sentences, the dyads most at odds and most at one, and where to go on."""
    from pipeline.warehouse.reading import run_saved_query

    console = screen()
    batch, release = done.batch, done.release
    print_facts(
        [
            ("records read", batch.records),
            ("new articles", batch.new_articles),
            ("duplicates", batch.duplicates),
            ("already known", batch.known),
            ("rejects", batch.rejected + done.failed_articles),
            ("validation", done.validation.outcome),
            ("release", release.number if release.is_new else f"{release.number} (nothing new)"),
        ],
        console,
    )
    events = run_saved_query("events_with_sentences", {"count": "60"}, workspace.warehouse, settings)
    events = events.unique("sentence_text", keep="first", maintain_order=True).head(12)  # a meeting is two rows of one sentence
    console.print()
    print_table(events.select("event_date", "source_name", "event_type", "target_name", "status", "sentence_text"), "Events", console)
    for side in ("conflict", "cooperation"):
        console.print()
        dyads = run_saved_query("top_dyads", {"side": side, "count": "5"}, workspace.warehouse, settings)
        print_table(dyads, f"Dyads with most {side}", console)
    console.print()
    explorer = workspace.site / "explorer.html"
    pages = [("report", done.report), *([("explorer", explorer)] if explorer.exists() else [])]
    print_facts([("warehouse", workspace.warehouse), *pages], console)
    console.print("\nTry next:")
    program = _program()
    at = "" if str(workspace.warehouse) == "data/warehouse.duckdb" else f" --warehouse {workspace.warehouse}"
    for command in (
        f'{program} sql{at} "select event_date, source_name, event_type, target_name, place_name from events limit 20"',
        f"{program} sql{at} --query list",
        f"{program} rejects{at}",
        f"{program} report{at} --open",
    ):
        console.print(Text(f"  {command}"), soft_wrap=True)


def _program() -> str:
    """How to call this program again: by name where the path finds it, else by where it lies."""
    found = shutil.which("dragoman")
    return "dragoman" if found and Path(found).samefile(sys.argv[0]) else os.path.relpath(sys.argv[0])


# Later ones win where they overlap: a place is often part of a role's phrase.
_ROLE_STYLES = {"place": "green", "date": "blue", "source": "bold cyan", "target": "bold yellow", "trigger": "bold magenta"}
_CUE_STYLE = "bold red"


def print_why(mentions: "pl.DataFrame", console: Console | None = None) -> None:
    """Each mention of an event, as sql/queries/why.sql gives them: its sentence in colour, what was read from which words, and by what."""
    from pipeline.codebook.ontology import load_ontology
    from pipeline.codebook.triggers import load_triggers

    console = console or screen()
    rules = {row.trigger_id: row for row in load_triggers(load_ontology()).rows}
    for number, row in enumerate(mentions.iter_rows(named=True), start=1):
        console.print(Text.assemble(("\n" if number > 1 else "") + f"{number} of {len(mentions)}  ", _coloured(row)))
        facts = RichTable.grid(padding=(0, 0, 0, 2), pad_edge=True)
        for name, style, value in (*_read_from_words(row), *_made(row, rules), *_told_by(row)):
            facts.add_row(Text(name, style), Text(plain(value), overflow="fold"))
        console.print(facts)


def _read_from_words(row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What was read, with the style of its words in the sentence: name, style, value."""
    yield "event", "", "-".join(filter(None, (row["event_type"], row["mode"]))) + _among(row["contexts"])
    yield "trigger", _ROLE_STYLES["trigger"], _quoted(row, "trigger")
    for role in ("source", "target"):
        known = ", ".join(filter(None, (row[f"{role}_country"], *row[f"{role}_sectors"])))
        yield role, _ROLE_STYLES[role], f"{row[f'{role}_name'] or 'none'}{f' ({known})' if known else ''}{_words(row, role)}"
    yield "status", _CUE_STYLE if row["status_cue"] else "", row["status"] + (f', by "{row["status_cue"]}"' if row["status_cue"] else "")
    days = " to ".join(dict.fromkeys(str(day) for day in (row["event_date"], row["event_date_end"]) if day))
    yield (
        "date",
        _ROLE_STYLES["date"],
        (f"{days} ({row['date_precision']}, by {row['date_basis']})" if days else "unknown") + _words(row, "date"),
    )
    place = f"{row['place_name']} (by {row['place_basis']})" if row["place_name"] else "unknown"
    yield "place", _ROLE_STYLES["place"], place + _words(row, "place")
    for kind in MAGNITUDES:
        if row[kind] is not None:
            unit = f" {row['money_currency'] or '(unknown currency)'}" if kind == "money" else ""
            yield kind, "", f'{row[kind]:,}{unit}, {row[f"{kind}_low"]:,} to {row[f"{kind}_high"]:,}: "{row[f"{kind}_text"]}"'


def _among(contexts: list[str]) -> str:
    return f" in contexts {', '.join(contexts)}" if contexts else ""


def _quoted(row: dict[str, Any], part: str) -> str:
    return f'"{row[f"{part}_text"]}"' if row[f"{part}_text"] else ""


def _words(row: dict[str, Any], part: str) -> str:
    """The words that a part was read from, and where, unless it is this sentence."""
    start = row[f"{part}_start"]
    if start is None:
        return ""
    here = row["sentence_start"] <= start < row["sentence_end"]
    return f": {_quoted(row, part)}" + ("" if here else ", elsewhere in the article")


def _made(row: dict[str, Any], rules: "Mapping[str, TriggerRow]") -> Iterator[tuple[str, str, str]]:
    """Rule, frame, what changed the event, scores of the model; then how sure they are together."""
    for maker in makers(row["made_by"], rules):
        yield maker.kind, "", maker.words
    yield "confidence", "", f"{row['confidence']:.2f}, coder {row['coder_version']}"


def _told_by(row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    known = (row["title"] or "(no title)", row["publisher_name"] or "(no publisher)", str(row["published_at"] or "(no date)"))
    yield "article", "", " | ".join(known)
    if row["url"]:
        yield "url", "", row["url"]


def _coloured(row: dict[str, Any]) -> Text:
    sentence = Text(plain_same_length(row["sentence_text"]))
    start = row["sentence_start"]
    for role, style in _ROLE_STYLES.items():
        if row[f"{role}_start"] is not None and start <= row[f"{role}_start"] < row["sentence_end"]:
            sentence.stylize(style, row[f"{role}_start"] - start, row[f"{role}_end"] - start)
    for cue in (row["status_cue"] or "").split():
        places = [match.span() for match in re.finditer(rf"\b{re.escape(cue)}", row["sentence_text"], re.IGNORECASE)]
        if places:  # a cue is kept as words: of several such words it is the nearest to the trigger
            sentence.stylize(_CUE_STYLE, *min(places, key=lambda place: abs(place[0] + start - row["trigger_start"])))
    return sentence


def plain_same_length(text: str) -> str:
    """As `plain`, but each control character becomes one space or one replacement mark, so that offsets hold."""
    return "".join(c if unicodedata.category(c)[0] != "C" else " " if c in "\n\t" else "\ufffd" for c in text)
