-- grain: a PLOVER sector, those in most distinct events first
-- why: whether governments talk, soldiers fight or citizens march; the first sector of an actor counts
-- parameter: country country default null -- country of the actor, ISO 3166-1 alpha-3; all where not given
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
-- parameter: count integer default 40 -- sectors to show
with chosen as not materialized (
    select *,
    from events
    where
        ($status = 'any' or status = $status)
        and ($event_type is null or event_type = $event_type)
        and ($quad_class is null or quad_class = $quad_class)
        and (event_date is null or (event_date <= $until::date and event_date_end >= $since::date))
),
sides as (
    select
        source_sector as sector,
        count(*) as source_events,
        0 as target_events,
        count(*) filter (quad_class in ('verbal conflict', 'material conflict')) as conflict_as_source,
        0 as conflict_as_target,
    from chosen
    where source_sector is not null and ($country is null or source_country = $country)
    group by source_sector
    union all
    select
        target_sector as sector,
        0 as source_events,
        count(*) as target_events,
        0 as conflict_as_source,
        count(*) filter (quad_class in ('verbal conflict', 'material conflict')) as conflict_as_target,
    from chosen
    where target_sector is not null and ($country is null or target_country = $country)
    group by target_sector
)
select
    sector,
    sum(source_events + target_events)::bigint as event_count,
    sum(source_events)::bigint as source_events,
    sum(target_events)::bigint as target_events,
    sum(conflict_as_source)::bigint as conflict_as_source,
    sum(conflict_as_target)::bigint as conflict_as_target,
from sides
group by sector
order by event_count desc, sector
limit $count::integer
