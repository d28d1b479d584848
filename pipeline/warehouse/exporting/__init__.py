"""The published tables as files, for people and programs that do not read DuckDB. docs/EXPORTS.md is the page for users.

contract_tables     our own tables: canonical, csv, parquet
gdelt, polecat      the layouts of others
geo, network        maps: geojson, geoparquet; graphs: graphml, edges
datapackage, croissant  what lies in the folder, for catalogues
declared, cells, lines, reports, folder     what an export declares; safe text; streams of lines; tables to join; moving files in

*Canonical*: equal content gives equal bytes, whatever the run, the order or the batches it came in; so what depends on them is left out.
*Formula-safe*: a cell of text that a spreadsheet would run begins with an apostrophe, unless `raw` is asked for.
*Streamed*: rows pass from DuckDB to the file; memory does not grow with the table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.config import Workspace
from pipeline.errors import InputError
from pipeline.warehouse.exporting.contract_tables import write_canonical, write_csv, write_parquet
from pipeline.warehouse.exporting.croissant import croissant
from pipeline.warehouse.exporting.datapackage import datapackage
from pipeline.warehouse.exporting.declared import Resource
from pipeline.warehouse.exporting.folder import CROISSANT, DATAPACKAGE, export_folder
from pipeline.warehouse.exporting.gdelt import write_gdelt
from pipeline.warehouse.exporting.geo import write_geojson, write_geoparquet
from pipeline.warehouse.exporting.network import write_edges, write_graphml
from pipeline.warehouse.exporting.polecat import write_polecat

_DESCRIBERS = {DATAPACKAGE: datapackage, CROISSANT: croissant}


@dataclass(frozen=True)
class Format:
    """A format: its name, a line about it, and what writes its files."""

    name: str
    description: str
    write: Callable[..., Iterable[Resource]]  # (connection, folder), and raw where has_raw
    is_of_the_release: bool = True
    has_raw: bool = False

    def __call__(self, workspace: Workspace, folder: Path, raw: bool = False) -> list[Path]:
        """Writes the files and their metadata into the folder, and gives them.

        raw: cells of text as they are, even where a spreadsheet would run them. InputError where the format has no such cells,
        where nothing is published, or another export writes into the folder.
        """
        if raw and not self.has_raw:
            able = ", ".join(one.name for one in _ALL if one.has_raw)
            raise InputError(f"{self.name} has no raw form: --raw is for {able}, whose cells a spreadsheet could run")
        write = partial(self.write, raw=raw) if self.has_raw else self.write
        return export_folder(workspace, folder, self.name, self.description, write, _DESCRIBERS, of_the_release=self.is_of_the_release)


_ALL = (
    Format(
        "canonical", "Our tables as CSV without what depends on the run: equal content, equal bytes", write_canonical,
        is_of_the_release=False,
    ),
    Format("csv", "Our tables as CSV, safe in spreadsheets", write_csv, has_raw=True),
    Format("parquet", "Our tables as Parquet; events, mentions and articles by month", write_parquet),
    Format("gdelt", "Actual events as GDELT 2.0 Events (61 columns) and Mentions (16)", write_gdelt, has_raw=True),
    Format("polecat", "Actual events as a POLECAT table (40 columns)", write_polecat, has_raw=True),
    Format("geojson", "Events with coordinates as GeoJSON", write_geojson),
    Format("geoparquet", "Events with coordinates as GeoParquet 1.1", write_geoparquet),
    Format("graphml", "Who acts upon whom as GraphML: actors, and edges by quad class", write_graphml),
    Format("edges", "The same edges as CSV, between actors and between countries", write_edges, has_raw=True),
)  # fmt: skip

FORMATS: dict[str, Format] = {one.name: one for one in _ALL}

export_canonical = FORMATS["canonical"]
export_csv = FORMATS["csv"]
export_parquet = FORMATS["parquet"]

__all__ = ["FORMATS", "Format", "export_canonical", "export_csv", "export_parquet"]
