"""What the prompt of `dragoman sql` can complete: names in the published file, saved queries, commands and keywords."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from pipeline.config import Settings
from pipeline.errors import DragomanError, InputError
from pipeline.warehouse import door
from pipeline.warehouse.reading import saved_queries

_KEYWORDS = (
    "select from where group by order by limit offset having qualify join left join using on and or not in between is null is not null "
    "like ilike case when then else end as with union all distinct exists asc desc nulls last count(*) sum( avg( min( max( round( "
    "date_trunc( coalesce( filter (where describe summarize explain pivot unpivot true false"
)


@dataclass(frozen=True)
class Catalogue:
    """What the published file offers: names for completion, and the release that they are of."""

    release: int | None
    columns: dict[str, tuple[str, ...]]
    """Of each table and view."""
    table_macros: tuple[str, ...]
    macros: tuple[str, ...]

    @property
    def relations(self) -> tuple[str, ...]:
        return (*self.columns, *(f"{name}(" for name in self.table_macros))


def read_catalogue(warehouse: Path, settings: Settings) -> Catalogue:
    """What the published file offers. InputError where it cannot be read."""
    try:
        with door.open_door(str(warehouse), settings.sql_memory_limit) as connection:
            columns = connection.execute(
                "select table_name, list(column_name order by column_index) from duckdb_columns() where not internal "
                "group by table_name order by table_name"
            ).fetchall()
            macros = connection.execute(
                "select function_name, function_type from duckdb_functions() where not internal order by function_name"
            ).fetchall()
            last = connection.execute("select max(release_number) from releases").fetchone()
    except duckdb.Error as error:
        raise InputError(f"{warehouse}: cannot be read as a warehouse: {error}") from error
    by_kind = {kind: tuple(name for name, is_kind in macros if is_kind == kind) for kind in ("table_macro", "macro")}
    return Catalogue(last[0] if last else None, {name: tuple(held) for name, held in columns}, by_kind["table_macro"], by_kind["macro"])


class Names(Completer):
    """Completes tables and macros behind `from` and `join`; elsewhere columns of the tables that are named, macros and keywords."""

    def __init__(self, catalogue: Callable[[], Catalogue], commands: Iterable[str], formats: Iterable[str]) -> None:
        """catalogue: gives the names as they are now; DragomanError where there are none."""
        self._catalogue, self._commands, self._formats = catalogue, tuple(commands), tuple(formats)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        word = document.get_word_before_cursor(pattern=re.compile(r"[.\w=]+"))
        try:
            fitting = self._candidates(document, word)
        except DragomanError:
            return  # there is no warehouse just now; the statement will say so
        start = word.rpartition(".")[2] if not word.startswith(".") else word
        for name in dict.fromkeys(fitting):
            if name.lower().startswith(start.lower()) and name != start:
                yield Completion(name, start_position=-len(start))

    def _candidates(self, document: Document, word: str) -> Iterable[str]:
        catalogue = self._catalogue()
        before = document.text_before_cursor[: len(document.text_before_cursor) - len(word)]
        if document.text.lstrip().startswith("."):
            return self._of_command(before.split(), catalogue)
        if re.search(r"\b(?:from|join)\s+$", before, re.IGNORECASE):
            return catalogue.relations
        if "." in word and (owner := word.rpartition(".")[0]) in catalogue.columns:
            return catalogue.columns[owner]
        named = set(re.findall(r"\w+", document.text)) & catalogue.columns.keys()
        columns = [column for name in (named or catalogue.columns) for column in catalogue.columns[name]]
        return (*sorted(set(columns)), *catalogue.columns, *(f"{name}(" for name in catalogue.macros), *_KEYWORDS.split())

    def _of_command(self, before: list[str], catalogue: Catalogue) -> Iterable[str]:
        match before:
            case []:
                return self._commands
            case [".schema"]:
                return (*catalogue.columns, *catalogue.table_macros, *catalogue.macros)
            case [".format"]:
                return self._formats
            case [".run"]:
                return saved_queries()
            case [".run", name, *_] if name in saved_queries():
                return [f"{parameter.name}=" for parameter in saved_queries()[name].parameters]
        return ()
