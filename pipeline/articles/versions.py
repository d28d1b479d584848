"""Which articles no longer speak for their outlet: replaced by a later version of themselves, taken back, or forgotten.

The rule stands in sql/staging/retired.sql, and the warehouse applies the same file to the same tables.
"""

import duckdb

from pipeline import resources

_TOLD = "article_id, publisher_name, external_id, canonical_url, published_at, updated_at, text_length"
_NOTICES = "reject_id, reason_code, publisher_name, external_id, canonical_url, published_at"


def find_retired(stage: duckdb.DuckDBPyConnection, forgotten: list[str]) -> None:
    """Fills the tables `retired`, as sql/staging/retired.sql makes it, retired_before and reconsidered (article_id) of the stage.

    From its tables fresh and rejects, the ids of forgotten articles, and what earlier batches brought, which alone decides
    retired_before. reconsidered holds the old articles that what is new retires, and those that it brings back.
    """
    stage.execute("create schema raw")
    stage.execute("create table raw.forgotten as select unnest($1::varchar[]) as forgotten_id", [forgotten])
    rule = (resources.SQL / "staging" / "retired.sql").read_text(encoding="utf-8")
    told = {"article_records": (_TOLD, "fresh"), "rejects": (_NOTICES, "main.rejects")}
    for table, (columns, _) in told.items():
        stage.execute(f"create view raw.{table} as select {columns} from earlier.{table}")
    stage.execute(f"create table retired_before as {rule}")
    for table, (columns, new) in told.items():
        stage.execute(f"create or replace view raw.{table} as select {columns} from earlier.{table} union all select {columns} from {new}")
    stage.execute(f"create table retired as {rule}")
    stage.execute(
        """
        create table reconsidered as
        select article_id from retired anti join retired_before using (article_id) anti join fresh using (article_id)
        union all
        select article_id from retired_before anti join retired using (article_id)
        """
    )
