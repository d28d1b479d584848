"""DuckDB for Great Expectations: SQLAlchemy's dialect with results read at once.

Great Expectations fetches a result after its connection has gone back to the pool, and DuckDB has closed the result by
then. So the rows are buffered when the statement has run; never more than MAX_ROWS of them, so that a table with
millions of unexpected rows costs no memory. Great Expectations itself reads at most 200, and reflection a few hundred.

The module imports SQLAlchemy, which takes a second: only judge.py names it, by its path, inside a function.
"""

import duckdb_sqlalchemy
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

MAX_ROWS = 1000


class _BufferedContext(duckdb_sqlalchemy.DuckDBExecutionContext):
    def post_exec(self) -> None:
        super().post_exec()  # type: ignore[no-untyped-call]
        if self.cursor is not None and self.cursor.description:
            rows = self.cursor.fetchmany(MAX_ROWS)
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(self.cursor, self.cursor.description, rows)


class BufferedDuckDB(duckdb_sqlalchemy.Dialect):
    """The dialect behind URLs of duckdb+buffered."""

    execution_ctx_cls = _BufferedContext
    supports_statement_cache = False
