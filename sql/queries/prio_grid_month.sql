-- grain: PRIO-GRID cell x month, with the distinct events at places in it
-- why: the unit of conflict models in space; cells are half a degree wide, numbered from the south-west in rows of 720
-- parameter: precision site|city|admin2|admin1 default city -- coarsest place to count; a province is more than its cell
-- parameter: country country default null -- country of the place, ISO 3166-1 alpha-3; all where not given
-- parameter: since date default 0001-01-01 -- first day of the first month
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
with located as (
    -- The pole and the date line belong to the last row and column.
    select
        least(floor((latitude + 90) * 2), 359)::integer as row_number,
        least(floor((longitude + 180) * 2), 719)::integer as column_number,
        date_trunc('month', event_date)::date as month,
        quad_class,
        killed,
        mention_count,
    from events
    where
        latitude is not null
        and list_contains(
            ['site', 'city', 'admin2', 'admin1'][:list_position(['site', 'city', 'admin2', 'admin1'], $precision)], place_precision
        )
        and event_date between $since::date and $until::date
        and date_trunc('month', event_date) = date_trunc('month', event_date_end)
        and ($country is null or place_country = $country)
        and ($status = 'any' or status = $status)
)
select
    row_number * 720 + column_number + 1 as gid,
    month,
    column_number / 2 - 179.75 as longitude,
    row_number / 2 - 89.75 as latitude,
    count(*) as event_count,
    sum(mention_count)::bigint as mention_count,
    count(*) filter (quad_class = 'verbal cooperation') as verbal_cooperation_events,
    count(*) filter (quad_class = 'material cooperation') as material_cooperation_events,
    count(*) filter (quad_class = 'verbal conflict') as verbal_conflict_events,
    count(*) filter (quad_class = 'material conflict') as material_conflict_events,
    coalesce(sum(killed), 0)::bigint as killed,
from located
group by row_number, column_number, month
order by month, gid
