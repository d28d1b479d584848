"""The command line. Progress and logs go to stderr, data to stdout; exit codes are those of the errors in errors.py.

Heavy imports stand inside the commands, so that `--help` and `sql` answer at once.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.config import Settings, Workspace
from pipeline.errors import DragomanError, InputError

# One thread for linear algebra a process: work is spread over processes, and threads would fight over the cores.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

DONE_WITH_REJECTS = 4
DEFAULT_WAREHOUSE = Path("data/warehouse.duckdb")

app = typer.Typer(
    help="Political event data from news: who did what to whom, when and where.", no_args_is_help=True, pretty_exceptions_enable=False
)

WarehouseOption = Annotated[Path, typer.Option("--warehouse", "-w", envvar="DRAGOMAN_WAREHOUSE", help="The published DuckDB file.")]
InputArgument = Annotated[str, typer.Argument(help="JSON lines, or - for standard input.")]
OutputOption = Annotated[str, typer.Option("--output", "-o", help="File to write, or - for standard output.")]


@contextmanager
def _errors_told() -> Iterator[None]:
    """Turns our errors into one line on stderr and their exit code."""
    try:
        yield
    except DragomanError as error:
        typer.echo(f"dragoman: {error}", err=True)
        raise typer.Exit(error.exit_code) from error


@app.command()
def run(
    inbox: Annotated[list[str], typer.Argument(help="Files, folders, globs or fsspec URLs of articles.")],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    workers: Annotated[int, typer.Option(min=1, help="Processes that code articles.")] = os.cpu_count() or 1,
) -> None:
    """Read articles, code their events, and publish the warehouse: the main job."""
    with _errors_told():
        from pipeline import flow
        from pipeline.console import print_run

        done = flow.run(
            inbox, Workspace(warehouse), Settings.from_environment(), workers, lambda step, said: typer.echo(f"{step:9}{said}", err=True)
        )
        print_run(done, Workspace(warehouse), Settings.from_environment())
    if done.batch.rejected:
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
    lines = (json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
    if output == "-":
        sys.stdout.writelines(lines)
        return
    with Path(output).open("w", encoding="utf-8") as file:
        file.writelines(lines)


if __name__ == "__main__":
    app()
