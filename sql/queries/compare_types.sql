-- grain: a PLOVER event type, with its share here and in a foreign extract
-- why: two data sets that agree in number may still tell of different things; null = what has no PLOVER type, such as statements
-- needs: extract
-- parameter: country country default null -- country as source, target or place, ISO 3166-1 alpha-3; all where not given
-- parameter: source country default null -- country of the source
-- parameter: target country default null -- country of the target
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events here; any for all
with months as (
    -- A month of which the extract holds nothing is one that nobody asked it for.
    select distinct date_trunc('month', event_date)::date as month,
    from extract
),
ours as (
    select event_type, count(*) as event_count,
    from events
    semi join months on month = date_trunc('month', event_date)
    where
        event_date between $since::date and $until::date
        and ($status = 'any' or status = $status)
        and ($country is null or $country in (source_country, target_country, place_country))
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
    group by event_type
),
theirs as (
    select event_type, count(*) as event_count,
    from extract
    where
        event_date between $since::date and $until::date
        and ($country is null or $country in (source_country, target_country, place_country))
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
    group by event_type
)
select
    coalesce(ours.event_type, theirs.event_type) as event_type,
    coalesce(ours.event_count, 0) as our_events,
    coalesce(theirs.event_count, 0) as their_events,
    round(our_events / nullif(sum(our_events) over (), 0), 4) as our_share,
    round(their_events / nullif(sum(their_events) over (), 0), 4) as their_share,
from ours
full join theirs on ours.event_type is not distinct from theirs.event_type
order by our_events desc, their_events desc, event_type
