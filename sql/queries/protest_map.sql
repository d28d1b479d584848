-- grain: a place x period, with the protests there
-- why: where people are on the streets, for a map; coarser places would pile all protests of a country onto one point
-- parameter: precision site|city|admin2|admin1 default city -- coarsest place to show
-- parameter: period day|week|month|year default month -- length of a period; protests dated more coarsely are left out
-- parameter: country country default null -- country of the place, ISO 3166-1 alpha-3; all where not given
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
select
    date_trunc($period, event_date)::date as period_start,
    place_name,
    admin1,
    place_country,
    latitude,
    longitude,
    place_precision,
    count(*) as event_count,
    count(*) filter (mode = 'riot') as riot_count,
    sum(mention_count)::bigint as mention_count,
    max(participants) as most_participants,
    sum(killed)::bigint as killed,
    place_id,
from events
where
    event_type = 'PROTEST'
    and latitude is not null
    and list_contains(
        ['site', 'city', 'admin2', 'admin1'][:list_position(['site', 'city', 'admin2', 'admin1'], $precision)], place_precision
    )
    and event_date <= $until::date
    and event_date_end >= $since::date
    and date_trunc($period, event_date) = date_trunc($period, event_date_end)
    and ($country is null or place_country = $country)
    and ($status = 'any' or status = $status)
group by all
order by period_start, event_count desc, place_id
