"""A dyad month by month, in marimo: `marimo run docs/notebook.py`. Reads the file that DRAGOMAN_WAREHOUSE names."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Dragoman: a dyad month by month")


@app.cell
def _():
    import os

    import altair as alt
    import duckdb
    import marimo as mo

    return alt, duckdb, mo, os


@app.cell
def _(duckdb, os):
    path = os.environ.get("DRAGOMAN_WAREHOUSE", "data/warehouse.duckdb")

    def ask(sql, **values):
        """The answer as a polars frame. The file is opened for each question, so that each sees the newest release."""
        with duckdb.connect(path, read_only=True) as warehouse:
            return warehouse.execute(sql, values or None).pl()

    return ask, path


@app.cell
def _(ask, mo, path):
    release = ask("select release_number, published_at, events_count from releases order by release_number desc limit 1")
    number, published_at, events_count = release.row(0)
    mo.md(f"# Who did what to whom\n\nRelease {number} of {published_at:%d %B %Y}, {events_count:,} events, from `{path}`.")
    return


@app.cell
def _(ask, mo):
    # One dyad for both directions, since a relation has two sides.
    top_dyads = ask("""
        select
            least(source_country, target_country) as one,
            greatest(source_country, target_country) as other,
            country_name(one) as one_name,
            country_name(other) as other_name,
            sum(event_count)::bigint as events,
            sum(verbal_conflict_events + material_conflict_events)::bigint as conflict,
            round(sum(intensity_sum::decimal(18, 4))::double / events, 2) as intensity_mean,
        from dyad_month
        where source_country <> target_country
        group by one, other
        order by events desc, one, other
        limit 100
    """)
    mo.vstack([mo.md("## The dyads with most events"), mo.ui.table(top_dyads, selection=None)])
    return (top_dyads,)


@app.cell
def _(ask, mo, top_dyads):
    countries = ask("select coalesce(country_name, country) as name, country from countries order by name")
    codes = dict(countries.iter_rows())
    names = {code: name for name, code in codes.items()}
    first = top_dyads.row(0, named=True) if top_dyads.height else {"one": None, "other": None}
    one = mo.ui.dropdown(codes, value=names.get(first["one"]), label="Country", searchable=True)
    other = mo.ui.dropdown(codes, value=names.get(first["other"]), label="and", searchable=True)
    mo.hstack([one, other], justify="start")
    return one, other


@app.cell
def _(ask, one, other):
    balance = ask(
        """
        select
            month,
            any_value(covered_days) as covered_days,
            sum(verbal_cooperation_events + material_cooperation_events)::bigint as cooperation,
            sum(verbal_conflict_events + material_conflict_events)::bigint as conflict,
            cooperation - conflict as balance,
        from dyad_month
        where (source_country = $one and target_country = $other) or (source_country = $other and target_country = $one)
        group by month
        order by month
        """,
        one=one.value,
        other=other.value,
    )
    return (balance,)


@app.cell
def _(alt, balance, mo):
    bars = (
        alt.Chart(balance.drop_nulls("balance"))
        .mark_bar()
        .encode(
            x=alt.X("month:T", title=None),
            y=alt.Y("balance:Q", title="cooperation less conflict, events"),
            color=alt.condition("datum.balance < 0", alt.value("#b5403b"), alt.value("#3b7a57")),
            tooltip=["month:T", "cooperation:Q", "conflict:Q", "balance:Q"],
        )
        .properties(height=240)
    )
    mo.vstack([mo.md("## Month by month\n\nA gap is a month without any article: unknown, not quiet."), bars])
    return


@app.cell
def _(ask, mo, one, other):
    told = ask(
        """
        with shown as (
            select *,
            from dyad_both($one, $other)
            order by event_date desc, event_id
            limit 500
        ),
        sentences as (
            select event_id, arg_min(sentence_text, (-event_mentions.confidence, mention_id)) as sentence,
            from event_mentions
            semi join shown using (event_id)
            group by event_id
        )
        select event_date, source_name, event_type, mode, target_name, place_name, article_count, sentence, event_id,
        from shown
        left join sentences using (event_id)
        order by event_date desc, event_id
        """,
        one=one.value,
        other=other.value,
    )
    mo.vstack([mo.md("## What happened, and the words that say so"), mo.ui.table(told, selection=None, wrapped_columns=["sentence"])])
    return (told,)


@app.cell
def _(alt, ask, mo):
    coverage = ask("""
        select month, covered_days, coalesce(sum(coded), 0)::bigint as with_events, coalesce(sum(without_event), 0)::bigint as without,
        from covered_months
        left join coverage on date_trunc('month', published_date) = month
        group by month, covered_days
        order by month
    """)
    days = (
        alt.Chart(coverage)
        .mark_area()
        .encode(x=alt.X("month:T", title=None), y=alt.Y("covered_days:Q", title="days covered"))
        .properties(height=120)
    )
    mo.vstack([mo.md("## What is covered"), days])
    return (coverage,)


if __name__ == "__main__":
    app.run()
