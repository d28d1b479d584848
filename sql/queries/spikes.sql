-- grain: a day or month with significantly more events than the 90 days before it
-- why: an alarm that knows how much is usual, and how many days anything was published at all
-- parameter: by day|month default day -- whether days or months are judged
-- parameter: p number default 0.001 -- show where so many events or more had at most this probability
-- parameter: covered integer default 30 -- least number of the 90 days on which something must have been published
-- parameter: country country default null -- country as source, target or place, ISO 3166-1 alpha-3; all where not given
-- parameter: source country default null -- country of the source
-- parameter: target country default null -- country of the target
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
with published as (
    select distinct published_date as day,
    from coverage
    where published_date is not null and coded + without_event + duplicate > 0
),
spine as (
    select unnest(generate_series(
        greatest(date_trunc($by, $since::date)::date - 90, min(day)), least($until::date, max(day)), interval 1 day
    ))::date as day,
    from published
    having count(day) > 0
),
counts as (
    select event_date as day, count(*) as event_count,
    from events
    where
        event_date = event_date_end
        and event_date between date_trunc($by, $since::date)::date - 90 and $until::date
        and ($status = 'any' or status = $status)
        and ($country is null or $country in (source_country, target_country, place_country))
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
        and ($event_type is null or event_type = $event_type)
        and ($quad_class is null or quad_class = $quad_class)
    group by event_date
),
days as (
    select spine.day, if(published.day is null, null, coalesce(event_count, 0)) as event_count,
    from spine
    left join published on published.day = spine.day
    left join counts on counts.day = spine.day
),
behind as (
    select
        *,
        sum(event_count) over (order by day rows between 90 preceding and 1 preceding) as before_events,
        count(event_count) over (order by day rows between 90 preceding and 1 preceding) as before_days,
    from days
),
periods as (
    select
        date_trunc($by, day)::date as period_start,
        sum(event_count)::bigint as event_count,
        count(event_count) as covered_days,
        arg_min(coalesce(before_events, 0), day)::bigint as before_events,
        arg_min(before_days, day) as before_days,
    from behind
    group by date_trunc($by, day)
),
expected as (
    -- 90 days without any event are taken for one event: the first ever is not yet a spike.
    select *, greatest(before_events, 1) / before_days * covered_days as expected_count,
    from periods
    where covered_days > 0 and before_days >= $covered::integer and before_days > 0
),
tails as (
    -- P(X >= n), term by term from n up: all are positive, so nothing cancels, however small they are. More than 10 sqrt(n) + 30 beyond n
    -- they are below 1e-20 of the sum, since the mean is below n. (list_reduce would take columns of other rows here: duckdb #25816.)
    select
        *,
        list_sum(
            list_transform(
                range(event_count, event_count + 30 + (10 * sqrt(event_count))::bigint),
                lambda n: exp(n * ln(expected_count) - expected_count - lgamma(n + 1))
            )
        ) as probability,
    from expected
    where event_count > expected_count
)
select
    period_start,
    event_count,
    round(expected_count, 2) as expected_count,
    probability,
    covered_days,
    before_events,
    before_days,
from tails
where probability <= $p and period_start between date_trunc($by, $since::date) and $until::date
order by period_start
