-- grain: a dyad x day x quad class that has events here, in a foreign extract, or in both
-- why: what both data sets have and what only one has; the same is what agrees in dyad and quad class, and nearly in its day
-- needs: extract
-- parameter: days integer default 1 -- days that the two dates may differ
-- parameter: found both|ours|theirs|any default any -- what to show: what both have, what only one has, or all
-- parameter: source country default null -- country of the source, ISO 3166-1 alpha-3; all where not given
-- parameter: target country default null -- country of the target
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events here; any for all
-- parameter: count integer default 1000 -- rows to show
with months as (
    -- A month of which the extract holds nothing is one that nobody asked it for.
    select distinct date_trunc('month', event_date)::date as month,
    from extract
),
span as (
    select
        greatest(min(event_date), $since::date) - $days::integer as first_day,
        least(max(event_date), $until::date) + $days::integer as last_day,
    from extract
),
ours as (
    select event_date, source_country, target_country, quad_class, count(*) as event_count, min(event_id) as event_id,
    from events
    join span on event_date between first_day and last_day
    where
        event_date = event_date_end
        and ($status = 'any' or status = $status)
        and source_country is not null
        and target_country is not null
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
        and ($quad_class is null or quad_class = $quad_class)
    group by event_date, source_country, target_country, quad_class
),
theirs as (
    select event_date, source_country, target_country, quad_class, count(*) as event_count, min(extract_event_id) as extract_event_id,
    from extract
    join span on event_date between first_day and last_day
    where
        source_country is not null
        and target_country is not null
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
        and ($quad_class is null or quad_class = $quad_class)
    group by event_date, source_country, target_country, quad_class
),
near as (
    -- The nearest day on the other side; the earlier one where two are equally near.
    select
        ours.event_date,
        ours.source_country,
        ours.target_country,
        ours.quad_class,
        arg_min(theirs, (abs(theirs.event_date - ours.event_date), theirs.event_date)) as theirs,
    from ours
    join theirs
        on theirs.source_country = ours.source_country
        and theirs.target_country = ours.target_country
        and theirs.quad_class = ours.quad_class
        and theirs.event_date between ours.event_date - $days::integer and ours.event_date + $days::integer
    group by all
),
unmatched as (
    select theirs.*,
    from theirs
    anti join ours
        on theirs.source_country = ours.source_country
        and theirs.target_country = ours.target_country
        and theirs.quad_class = ours.quad_class
        and theirs.event_date between ours.event_date - $days::integer and ours.event_date + $days::integer
),
told as (
    select
        if(near.theirs is null, 'ours', 'both') as found,
        ours.event_date,
        near.theirs.event_date as their_date,
        source_country,
        target_country,
        quad_class,
        ours.event_count as our_events,
        coalesce(near.theirs.event_count, 0) as their_events,
        ours.event_id,
        near.theirs.extract_event_id as extract_event_id,
    from ours
    left join near using (event_date, source_country, target_country, quad_class)
    union all
    select
        'theirs' as found,
        null as event_date,
        event_date as their_date,
        source_country,
        target_country,
        quad_class,
        0 as our_events,
        event_count as their_events,
        null as event_id,
        extract_event_id,
    from unmatched
)
select *,
from told
where
    (
        date_trunc('month', event_date)::date in (select month from months)
        or date_trunc('month', their_date)::date in (select month from months)
    )
    -- What lies just outside the period is read so that it can be found there, and shown only with what it was found for.
    and (event_date between $since::date and $until::date or their_date between $since::date and $until::date)
    and ($found = 'any' or found = $found)
order by coalesce(event_date, their_date), source_country, target_country, quad_class, found
limit $count::integer
