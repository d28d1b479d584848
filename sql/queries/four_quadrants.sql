-- grain: a month, with the balance of its distinct actual events between the four quad classes
-- why: whether words or deeds, and whether for or against; net_cooperation runs from -1 (conflict only) to 1 (cooperation only)
-- parameter: country country default null -- country, ISO 3166-1 alpha-3; all dyads of countries where not given
-- parameter: reading source|target|place default source -- whether the country is source, target or place of the events
-- parameter: source country default null -- where no country is given: country of the source
-- parameter: target country default null -- where no country is given: country of the target
-- parameter: since date default 0001-01-01 -- first day of the first month
-- parameter: until date default 9999-12-31 -- last day
with chosen as (
    select
        month, covered_days, verbal_cooperation_events, material_cooperation_events, verbal_conflict_events, material_conflict_events,
    from country_month
    where country = $country and reading = $reading and month between $since::date and $until::date
    union all
    select
        month, covered_days, verbal_cooperation_events, material_cooperation_events, verbal_conflict_events, material_conflict_events,
    from dyad_month
    where
        $country is null
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
        and month between $since::date and $until::date
),
counted as (
    select
        month,
        max(covered_days) as covered_days,
        sum(verbal_cooperation_events)::bigint as verbal_cooperation,
        sum(material_cooperation_events)::bigint as material_cooperation,
        sum(verbal_conflict_events)::bigint as verbal_conflict,
        sum(material_conflict_events)::bigint as material_conflict,
        verbal_cooperation + material_cooperation + verbal_conflict + material_conflict as event_count,
    from chosen
    group by month
)
select
    month,
    covered_days,
    event_count,
    verbal_cooperation,
    material_cooperation,
    verbal_conflict,
    material_conflict,
    round(verbal_cooperation / nullif(event_count, 0), 4) as verbal_cooperation_share,
    round(material_cooperation / nullif(event_count, 0), 4) as material_cooperation_share,
    round(verbal_conflict / nullif(event_count, 0), 4) as verbal_conflict_share,
    round(material_conflict / nullif(event_count, 0), 4) as material_conflict_share,
    round((verbal_cooperation + material_cooperation - verbal_conflict - material_conflict) / nullif(event_count, 0), 4) as net_cooperation,
from counted
order by month
