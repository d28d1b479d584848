-- grain: a month, with the share that some events have in all events of the month
-- why: coverage grows with the years, so counts rise for everybody; a share does not
-- parameter: country country default null -- country, ISO 3166-1 alpha-3; all where not given
-- parameter: reading source|target|place|any default any -- whether the country is source, target or place of the events, or any of them
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day of the first month
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
with covered as (
    select distinct published_date as day,
    from coverage
    where published_date is not null and coded + without_event + duplicate > 0
),
spine as (
    select unnest(generate_series(date_trunc('month', min(day)), date_trunc('month', max(day)), interval 1 month))::date as month,
    from covered
),
months as (
    select month, count(day)::integer as covered_days,
    from spine
    left join covered on date_trunc('month', day) = month
    where month between $since::date and $until::date
    group by month
),
counts as (
    select
        date_trunc('month', event_date)::date as month,
        count(*) as all_event_count,
        count(*) filter (
            (
                $country is null
                or ($reading in ('source', 'any') and source_country = $country)
                or ($reading in ('target', 'any') and target_country = $country)
                or ($reading in ('place', 'any') and place_country = $country)
            )
            and ($event_type is null or event_type = $event_type)
            and ($quad_class is null or quad_class = $quad_class)
        ) as event_count,
    from events
    where
        event_date between $since::date and $until::date
        and date_trunc('month', event_date) = date_trunc('month', event_date_end)
        and ($status = 'any' or status = $status)
    group by date_trunc('month', event_date)
)
select
    month,
    covered_days,
    if(covered_days > 0, coalesce(event_count, 0), null) as event_count,
    if(covered_days > 0, coalesce(all_event_count, 0), null) as all_event_count,
    if(covered_days > 0, round(event_count / all_event_count, 4), null) as share,
from months
left join counts using (month)
order by month
