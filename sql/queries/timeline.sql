-- grain: a day, with the distinct events dated to it and their averages over the days behind it
-- why: to see a trend through the noise of days; zero where something was published, null where nothing was
-- parameter: country country default null -- country as source, target or place, ISO 3166-1 alpha-3; all where not given
-- parameter: source country default null -- country of the source
-- parameter: target country default null -- country of the target
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
with covered as (
    select distinct published_date as day,
    from coverage
    where published_date is not null and coded + without_event + duplicate > 0
),
spine as (
    -- The longer average looks 29 days back.
    select unnest(generate_series(greatest($since::date - 29, min(day)), least($until::date, max(day)), interval 1 day))::date as day,
    from covered
    having count(day) > 0
),
counts as (
    -- An event of a week or a month is on none of its days.
    select event_date as day, count(*) as event_count, sum(mention_count)::bigint as mention_count,
    from events
    where
        event_date = event_date_end
        and event_date between $since::date - 29 and $until::date
        and ($status = 'any' or status = $status)
        and ($country is null or $country in (source_country, target_country, place_country))
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
        and ($event_type is null or event_type = $event_type)
        and ($quad_class is null or quad_class = $quad_class)
    group by event_date
),
days as (
    select
        spine.day,
        if(covered.day is null, null, coalesce(event_count, 0)) as event_count,
        if(covered.day is null, null, coalesce(mention_count, 0)) as mention_count,
    from spine
    left join covered on covered.day = spine.day
    left join counts on counts.day = spine.day
),
averages as (
    -- Over covered days: null counts are left out of both the sum and the number.
    select
        *,
        round(avg(event_count) over (order by day rows between 6 preceding and current row), 4) as average_7_days,
        round(avg(event_count) over (order by day rows between 29 preceding and current row), 4) as average_30_days,
    from days
)
select day, event_count, mention_count, average_7_days, average_30_days,
from averages
where day >= $since::date
order by day
