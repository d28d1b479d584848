-- grain: country x month, read three ways: as source, as target and as place of distinct actual events
-- why: what a country does, what is done to it and what happens in it are three questions that one column would blur
-- parameter: country country default null -- country, ISO 3166-1 alpha-3; all where not given
-- parameter: since date default 0001-01-01 -- first day of the first month
-- parameter: until date default 9999-12-31 -- last day
with readings as (
    -- A country without any event in one reading has no row there, which is no event, not no knowledge.
    select
        country,
        month,
        max(covered_days) as covered_days,
        coalesce(sum(event_count) filter (reading = 'source'), 0)::bigint as source_events,
        coalesce(sum(event_count) filter (reading = 'target'), 0)::bigint as target_events,
        coalesce(sum(event_count) filter (reading = 'place'), 0)::bigint as place_events,
        coalesce(sum(material_conflict_events) filter (reading = 'source'), 0)::bigint as source_material_conflict,
        coalesce(sum(material_conflict_events) filter (reading = 'target'), 0)::bigint as target_material_conflict,
        coalesce(sum(material_conflict_events) filter (reading = 'place'), 0)::bigint as place_material_conflict,
        max(goldstein_mean) filter (reading = 'source') as source_goldstein_mean,
        max(goldstein_mean) filter (reading = 'target') as target_goldstein_mean,
        max(goldstein_mean) filter (reading = 'place') as place_goldstein_mean,
    from country_month
    where ($country is null or country = $country) and month between $since::date and $until::date
    group by country, month
)
select
    country,
    month,
    covered_days,
    if(covered_days > 0, source_events, null) as source_events,
    if(covered_days > 0, target_events, null) as target_events,
    if(covered_days > 0, place_events, null) as place_events,
    if(covered_days > 0, source_material_conflict, null) as source_material_conflict,
    if(covered_days > 0, target_material_conflict, null) as target_material_conflict,
    if(covered_days > 0, place_material_conflict, null) as place_material_conflict,
    source_goldstein_mean,
    target_goldstein_mean,
    place_goldstein_mean,
from readings
order by country, month
