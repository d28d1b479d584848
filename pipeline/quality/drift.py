"""Drift: a batch against the batches before it, by the entries of expectations/drift.toml.

The trailing window of a batch are the `window` batches that were published before it and brought records, as `releases` knows them. So a
batch that was held never becomes what others are measured by, nor does a run that found nothing new, and a batch that is audited again
is measured by what it was measured by at first. With fewer than `history` of them, or fewer than `least` rows, nothing is judged.
- `value`  an aggregate over the rows: (value - median of the window) / spread, where the spread of the window is 1.4826 times the median
           absolute deviation (for a normal distribution that is one standard deviation) but at least `spread`. Median and deviation
           do not see a few odd batches, which a mean and a standard deviation would follow.
- `mix`    a category of each row: the population stability index between the batch's shares p and those of the window q,
           sum((p - q) * ln(p / q)), each share counted as one in a thousand at least, so that a new category is finite.
Both may name `of`, the rows that they are about; both have minimum, maximum or both.
"""

import re
from collections.abc import Iterator

from pipeline.quality.checks import Expectation
from pipeline.quality.entries import Entry, limits_in_words

_OF_ARTICLE = "{table} join articles_of_batches using (article_id)"
_ROWS = {
    "records": "{table} join batches using (batch_id)",
    "rejects": "{table} join batches using (batch_id)",
    "articles": _OF_ARTICLE,
    "event_mentions": _OF_ARTICLE,
    "actor_mentions": _OF_ARTICLE,
    "events": "{table} join (select distinct event_id, batches_ago from event_mentions join articles_of_batches using (article_id)) "
    "using (event_id)",
}


def drift_expectations(entries: list[Entry], batch_id: str) -> Iterator[Expectation]:
    for entry in entries:
        yield _drift(entry, [each for each in entries if each.table == entry.table], batch_id)


def _drift(entry: Entry, of_table: list[Entry], batch_id: str) -> Expectation:
    """All drift of a table is one row too: the rows of the batches concerned are looked up once."""
    fields, (minimum, maximum) = entry.fields, entry.limits
    figures = ", ".join(f'({_figure(each)}) as "{each.name}"' for each in of_table)
    evidence = f"{_rows(of_table, batch_id)} {_evidence(entry)}"
    return Expectation(
        name=f"{entry.table.name}.{entry.name}", table=entry.table.name, column=fields.get("column"), severity=fields["severity"],
        expected=in_words(entry), meaning=fields["meaning"], action=fields["action"], judged_by="ExpectColumnMaxToBeBetween",
        arguments={"column": entry.name, "min_value": minimum, "max_value": maximum},
        query=f"select * from ({_rows(of_table, batch_id)} select {figures}) as figures",
        unit="number", minimum=minimum, maximum=maximum, examples=(evidence, evidence), can_be_overruled=True,
    )  # fmt: skip


def in_words(entry: Entry) -> str:
    """'stability index at most 0.25, over the last 30 batches (12 needed)'."""
    what = "stability index" if "mix" in entry.fields else "deviations from the median"
    limits = limits_in_words(*entry.limits, entry.kind)
    return f"{what} {limits}, over the last {entry.fields['window']} batches ({entry.fields['history']} needed)"


def _rows(entries: list[Entry], batch_id: str) -> str:
    """Common table expressions: `batches`, numbered backwards from this one, which is 0, and t, the rows that they brought."""
    quoted = "'" + batch_id.replace("'", "''") + "'"
    table = entries[0].table
    asked = " ".join(str(entry.fields[name]) for entry in entries for name in ("value", "mix", "of") if name in entry.fields)
    columns = [column for column in table.column_names if column in table.key or re.search(rf"\b{column}\b", asked)]
    return f"""
        with before_it as (
            select batch_id, min(release_number) as published_with
            from releases semi join records using (batch_id)
            where batch_id <> {quoted}
                and release_number < (select coalesce(min(release_number), 2147483647) from releases where batch_id = {quoted})
            group by batch_id
        ),
        batches as materialized (
            select {quoted} as batch_id, 0 as batches_ago
            union all
            select batch_id, row_number() over (order by published_with desc) from before_it
            qualify row_number() over (order by published_with desc) <= {max(entry.fields["window"] for entry in entries)}
        ),
        articles_of_batches as materialized (
            select distinct article_id, batches_ago from records join batches using (batch_id) where article_id is not null
        ),
        t as materialized (select {", ".join(columns)}, batches_ago from {_ROWS[table.name].format(table=table.name)})
    """


def _figure(entry: Entry) -> str:
    fields = entry.fields
    if "mix" in fields:
        return f"""
            select case when sum(rows_now) >= {fields["least"]} and sum(rows_before) >= {fields["least"]}
                and (select max(batches_ago) from batches) >= {fields["history"]} then sum(index_part) end
            from ({_mix(entry)})
        """
    past = f"batches_ago > 0 and row_count >= {fields['least']}"
    return f"""
        select case
            when count(figure) filter ({past}) >= {fields["history"]} and max(row_count) filter (batches_ago = 0) >= {fields["least"]}
            then (max(figure) filter (batches_ago = 0) - median(figure) filter ({past}))
                / greatest(1.4826 * mad(figure) filter ({past}), {fields["spread"]}) end
        from ({_levels(entry)})
    """


def _levels(entry: Entry) -> str:
    """The aggregate for each batch. Subqueries, not groups: a batch that brought no row has a figure too."""
    own = f"from t where t.batches_ago = batches.batches_ago and ({entry.of})"
    return f"""
        select batches_ago, batch_id, (select ({entry.fields["value"]})::double {own}) as figure, (select count(*) {own}) as row_count
        from batches where batches_ago <= {entry.fields["window"]}
    """


def _mix(entry: Entry) -> str:
    return f"""
        select *, (share_now - share_before) * ln(share_now / share_before) as index_part
        from (
            select *,
                greatest(rows_now / sum(rows_now) over (), 0.001) as share_now,
                greatest(rows_before / sum(rows_before) over (), 0.001) as share_before,
            from (
                select coalesce(({entry.fields["mix"]})::varchar, 'null') as category,
                    count(*) filter (batches_ago = 0) as rows_now,
                    count(*) filter (batches_ago > 0) as rows_before,
                from t where batches_ago <= {entry.fields["window"]} and ({entry.of}) group by category
            )
        )
    """


def _evidence(entry: Entry) -> str:
    """What to show of a drift: the categories that moved most, or this batch and those before it."""
    if "mix" in entry.fields:
        columns = "category, round(share_now, 4) as share_now, round(share_before, 4) as share_before, rows_now, rows_before"
        return f"select {columns} from ({_mix(entry)}) order by index_part desc, category"
    return f"select batches_ago, batch_id, round(figure, 4) as figure, row_count from ({_levels(entry)}) order by batches_ago"
