"""The command line. Progress and logs go to stderr, data to stdout; exit codes are those of the errors in errors.py.

Heavy imports stand inside the commands, so that `--help` and `sql` answer at once.
"""

import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.config import Settings, Workspace
from pipeline.errors import DragomanError, InputError
from pipeline.masking import learn_environment, masked

if TYPE_CHECKING:
    import polars as pl

    from pipeline.flow import Run

# One thread for linear algebra a process: work is spread over processes, and threads would fight over the cores.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

DONE_WITH_REJECTS = 4
DEFAULT_WAREHOUSE = Path("data/warehouse.duckdb")
# Named here too, as what writes them is heavy to import; a test holds the two together.
EXPORT_FORMATS = ("canonical", "csv", "parquet", "gdelt", "polecat", "geojson", "geoparquet", "graphml", "edges")


class Format(StrEnum):
    """How `dragoman sql` prints a result."""

    table = "table"
    csv = "csv"
    json = "json"


app = typer.Typer(
    help="Political event data from news: who did what to whom, when and where.", no_args_is_help=True, pretty_exceptions_enable=False
)

WarehouseOption = Annotated[Path, typer.Option("--warehouse", "-w", envvar="DRAGOMAN_WAREHOUSE", help="The published DuckDB file.")]
WorkersOption = Annotated[int, typer.Option(min=1, help="Processes that code articles.")]
InputArgument = Annotated[str, typer.Argument(help="JSON lines, or - for standard input.")]
OutputOption = Annotated[str, typer.Option("--output", "-o", help="File to write, or - for standard output.")]


@contextmanager
def _errors_told() -> Iterator[None]:
    """Turns our errors, and those of the system such as a full disk, into one line on stderr and their exit code.

    All others are told with their traceback; in neither is a credential.
    """
    learn_environment()
    try:
        yield
    except typer.Exit:
        raise
    except (DragomanError, OSError) as error:
        _tell(f"dragoman: {error}")
        raise typer.Exit(error.exit_code if isinstance(error, DragomanError) else DragomanError.exit_code) from error
    except Exception as error:
        _tell(traceback.format_exc())
        raise typer.Exit(DragomanError.exit_code) from error


def _tell(fault: str) -> None:
    from pipeline.console import plain  # it may quote news

    typer.echo("\n".join(map(plain, masked(fault).splitlines())), err=True)


@app.command()
def run(
    inbox: Annotated[list[str], typer.Argument(help="Files, folders, globs or fsspec URLs of articles.")],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    workers: WorkersOption = os.cpu_count() or 1,
) -> None:
    """Read articles, code their events, and publish the warehouse: the main job."""
    with _errors_told():
        from pipeline import flow
        from pipeline.logs import progress

        _end(flow.run(inbox, Workspace(warehouse), Settings.from_environment(), workers, progress()), warehouse)


def _end(done: "Run", warehouse: Path) -> None:
    """Tells what a run did, and exits with 4 where something was refused."""
    from pipeline.console import print_run

    print_run(done, Workspace(warehouse), Settings.from_environment())
    if done.batch.rejected or done.failed_articles:
        raise typer.Exit(DONE_WITH_REJECTS)


@app.command()
def code(source: InputArgument = "-", output: OutputOption = "-") -> None:
    """Events and relations of texts: JSON lines in, JSON lines out."""
    with _errors_told():
        from pipeline.coder.coder import Coder
        from pipeline.coder.json_forms import answer_code, read_questions

        _write_lines(output, answer_code(Coder(), read_questions(_lines(source))))


@app.command()
def annotate(source: InputArgument = "-", output: OutputOption = "-") -> None:
    """Sentences, actors, dates and places of texts: JSON lines in, JSON lines out."""
    with _errors_told():
        from pipeline.coder.coder import Coder
        from pipeline.coder.json_forms import answer_annotate, read_questions

        _write_lines(output, answer_annotate(Coder(), read_questions(_lines(source))))


@app.command()
def sql(
    statement: Annotated[str | None, typer.Argument(help="A SELECT; or name=value parameters of the saved query.")] = None,
    parameters: Annotated[list[str] | None, typer.Argument(help="name=value of the saved query.")] = None,
    saved: Annotated[str | None, typer.Option("--query", "-q", help="A saved query of sql/queries; `list` lists them.")] = None,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    output: Annotated[Format, typer.Option("--format", "-f", help="How to print.")] = Format.table,
) -> None:
    """Query the published warehouse: read-only, with no access to files, network or settings. Without a query: a prompt."""
    with _errors_told():
        from pipeline.console import saved_query_table
        from pipeline.warehouse.reading import query, run_saved_query

        settings = Settings.from_environment()
        given = [text for text in (statement, *(parameters or ())) if text is not None]
        if saved == "list":
            frame = saved_query_table()
        elif saved:
            frame = run_saved_query(saved, _named(given), warehouse, settings)
        elif len(given) == 1:
            frame = query(given[0], warehouse, settings)
        elif not given:
            from pipeline import prompt

            if sys.stdin.isatty():
                prompt.converse(warehouse, settings, output)
            else:
                prompt.run_script(sys.stdin, warehouse, settings, output)
            return
        else:
            raise InputError("give one SELECT in quotes, or --query NAME name=value …; `--query list` lists the saved ones")
    _print(frame, output)


def _print(frame: "pl.DataFrame", output: Format) -> None:
    from pipeline.console import as_csv, as_json, print_data, print_table

    if output is Format.table:
        print_table(frame)
    else:
        print_data(as_csv(frame) if output is Format.csv else as_json(frame))


def _named(arguments: list[str]) -> dict[str, str]:
    pairs = [argument.partition("=") for argument in arguments]
    if wrong := [argument for argument, equals, _ in pairs if not equals]:
        raise InputError(f"{wrong[0]!r} is not name=value")
    return {name: value for name, _, value in pairs}


@app.command()
def compare(
    data_set: Annotated[str, typer.Argument(metavar="DATA_SET", help="gdelt, icews, polecat or acled.")],
    arguments: Annotated[list[str], typer.Argument(metavar="FILE...", help="Its files, and name=value parameters of the query.")],
    saved: Annotated[str, typer.Option("--query", "-q", help="compare_months, compare_events or compare_types.")] = "compare_months",
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    output: Annotated[Format, typer.Option("--format", "-f", help="How to print.")] = Format.table,
) -> None:
    """Compare the events with those of another data set, in files as it gives them."""
    with _errors_told():
        from pipeline.console import plain
        from pipeline.extracts import read_extract
        from pipeline.warehouse.reading import run_saved_query

        files = [argument for argument in arguments if "=" not in argument or Path(argument).exists()]
        if not files:
            raise InputError(f"give at least one file of {data_set}")
        extract = read_extract(data_set, [Path(file) for file in files])
        typer.echo(f"{extract.events.height:,} events of {data_set}, {extract.bad_rows:,} bad rows", err=True)
        for example in extract.examples:
            typer.echo(f"  {plain(example)}", err=True)
        parameters = _named([argument for argument in arguments if argument not in files])
        frame = run_saved_query(saved, parameters, warehouse, Settings.from_environment(), extract.events)
    _print(frame, output)


@app.command()
def why(event_id: str, warehouse: WarehouseOption = DEFAULT_WAREHOUSE) -> None:
    """The sentences behind an event, with the words and the rules that it was read from."""
    with _errors_told():
        from pipeline.console import print_why
        from pipeline.warehouse.reading import run_saved_query

        mentions = run_saved_query("why", {"event_id": event_id}, warehouse, Settings.from_environment())
        if mentions.is_empty():
            raise InputError(f"no event {event_id!r} in {warehouse}; `dragoman sql 'select event_id from events limit 5'` shows some")
        print_why(mentions)


@app.command()
def report(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Where the validation reports lie: of batches that are held, if there are any, and of what was published last; then the explorer,
    which is written anew where it is missing or behind."""
    from pipeline.site import write_explorer

    workspace = Workspace(warehouse)
    with _errors_told():
        pages = workspace.reports
        if not pages:
            raise InputError(f"{workspace.site} holds no report; run a batch first")
        if warehouse.exists():
            pages.append(write_explorer(workspace, Settings.from_environment()))
    if held := sum(page.parent.name == "held" for page in pages):
        typer.echo(f"{held} held back from publication:", err=True)
    typer.echo("\n".join(map(str, pages)))
    if open_it:
        typer.launch(str(pages[0]))


@app.command()
def release(
    batch_id: Annotated[str, typer.Argument(help="A batch that failed its audit; `dragoman report` lists them.")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why it is right all the same; kept in the table releases.")],
    decided_by: Annotated[str | None, typer.Option("--by", help="Who decides; your login name by default.")] = None,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
) -> None:
    """Publish a held batch in spite of its figures. What contradicts itself cannot be released."""
    with _errors_told():
        from getpass import getuser

        from pipeline.audit import release_by_hand

        if not reason.strip():
            raise InputError("give the reason in words: --reason '…'")
        done, page = release_by_hand(batch_id, reason, decided_by or getuser(), Workspace(warehouse), Settings.from_environment())
    typer.echo(f"release {done.number}: {done.added} events added, {done.changed} changed, {done.withdrawn} withdrawn", err=True)
    typer.echo(page)


@app.command()
def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"{', '.join(EXPORT_FORMATS)}; `list` tells what they are.")],
    folder: Annotated[Path | None, typer.Option("--output", "-o", help="Folder to write into.")] = None,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    raw: Annotated[bool, typer.Option("--raw", help="Leave cells as they are, even where a spreadsheet would run them.")] = False,
) -> None:
    """Write the published warehouse to files, with metadata for catalogues."""
    with _errors_told():
        from pipeline.warehouse.exporting import FORMATS

        if form == "list":
            for one in FORMATS.values():
                typer.echo(f"{one.name:12}{one.description}")
            return
        if form not in FORMATS:
            raise InputError(f"no format {form!r}; there are {', '.join(FORMATS)}")
        workspace = Workspace(warehouse)
        for path in FORMATS[form](workspace, folder or workspace.exports / form, raw):
            typer.echo(path)


@app.command()
def rejects(
    action: Annotated[str | None, typer.Argument(metavar="[retry]", help="Try again what was refused.")] = None,
    inbox: Annotated[list[str] | None, typer.Argument(help="With retry: where the files lie of which something was refused.")] = None,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    workers: WorkersOption = os.cpu_count() or 1,
) -> None:
    """What was refused, why, and from which file; or try it again."""
    with _errors_told():
        if action == "retry":
            from pipeline import flow
            from pipeline.logs import progress

            _end(flow.retry(inbox or [], Workspace(warehouse), Settings.from_environment(), workers, progress()), warehouse)
            return
        if action:
            raise InputError(f"no action {action!r}; there is retry")
        from pipeline.console import print_table
        from pipeline.warehouse.reading import query

        columns = "reason_code, locator, record_number, evidence"
        print_table(query(f"select {columns} from rejects order by all", warehouse, Settings.from_environment()))  # noqa: S608


@app.command()
def recode(
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day of publication.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day of publication.")],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    workers: WorkersOption = os.cpu_count() or 1,
) -> None:
    """Code the articles of an interval again, with the coder as it is now; what is published stays until the audit has passed."""
    with _errors_told():
        from pipeline import recoding
        from pipeline.logs import progress

        done = recoding.recode(since.date(), until.date(), Workspace(warehouse), Settings.from_environment(), workers, progress())
    typer.echo(done.report)


@app.command()
def upkeep(warehouse: WarehouseOption = DEFAULT_WAREHOUSE) -> None:
    """The daily round: texts that expire, space, exports, and alarms for publishers and days that fell silent."""
    with _errors_told():
        from pipeline import upkeep
        from pipeline.console import print_table
        from pipeline.logs import progress

        upkeep.upkeep(Workspace(warehouse), Settings.from_environment(), datetime.now(UTC).date(), progress(), print_table)


@app.command()
def forget(
    article: Annotated[list[str] | None, typer.Option(help="Id of an article; what tells the same text goes with it.")] = None,
    person: Annotated[list[str] | None, typer.Option(help="First and last name of a person.")] = None,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; kept with the tombstone.")] = "",
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
) -> None:
    """Take an article or a person out of everything that is stored, for good; a tombstone keeps them out."""
    with _errors_told():
        from pipeline import forgetting
        from pipeline.console import plain

        done = forgetting.forget(article or [], person or [], reason, Workspace(warehouse), Settings.from_environment())
    typer.echo(f"{done.articles} articles and {len(person or [])} persons are forgotten", err=True)
    for told, paths in (("still in the inbox", done.sources), ("exported before", [str(path) for path in done.exports])):
        if paths:
            typer.echo(f"{told}, for you to remove:", err=True)
            typer.echo("\n".join(map(plain, paths)))


@app.command()
def score(
    folder: Annotated[Path | None, typer.Argument(help="Gold files; by default those of the project.")] = None,
) -> None:
    """Compare the coder with articles coded by hand: precision, recall and F1 by part."""
    with _errors_told():
        from pipeline.console import print_table
        from pipeline.scoring import GOLD, score_gold

        print_table(score_gold(folder or GOLD))


@app.command()
def doctor(warehouse: WarehouseOption = DEFAULT_WAREHOUSE) -> None:
    """Versions, seeds, disk, and the state of the warehouse."""
    with _errors_told():
        from pipeline.console import print_facts
        from pipeline.doctor import examine

        print_facts(examine(Workspace(warehouse)))


@app.command()
def metrics(warehouse: WarehouseOption = DEFAULT_WAREHOUSE) -> None:
    """The state of the warehouse as Prometheus metrics."""
    with _errors_told():
        from pipeline.metrics import metrics as told

        typer.echo(told(Workspace(warehouse), Settings.from_environment()), nl=False)


def _lines(source: str) -> Iterator[str]:
    if source == "-":
        yield from sys.stdin
        return
    try:
        with Path(source).open(encoding="utf-8") as file:
            yield from file
    except OSError as error:
        raise InputError(f"{source}: {error.strerror}") from error


def _write_lines(output: str, answers: Iterable[dict[str, Any]]) -> None:
    from pipeline.console import json_line

    lines = map(json_line, answers)
    if output == "-":
        sys.stdout.writelines(lines)
        return
    with Path(output).open("w", encoding="utf-8") as file:
        file.writelines(lines)


if __name__ == "__main__":
    app()
