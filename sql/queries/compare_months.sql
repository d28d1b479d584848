-- grain: a month, with events here and in a foreign extract
-- why: counts differ by how much is read; whether two data sets rise and fall together tells more than which has more
-- needs: extract
-- parameter: country country default null -- country as source, target or place, ISO 3166-1 alpha-3; all where not given
-- parameter: source country default null -- country of the source
-- parameter: target country default null -- country of the target
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day of the first month
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events here; any for all
with published as (
    select distinct date_trunc('month', published_date)::date as month,
    from coverage
    where published_date is not null and coded + without_event + duplicate > 0
),
months as (
    -- A month of which the extract holds nothing is one that nobody asked it for.
    select distinct date_trunc('month', event_date)::date as month,
    from extract
    semi join published on month = date_trunc('month', event_date)
    where event_date between $since::date and $until::date
),
ours as (
    select date_trunc('month', event_date)::date as month, count(*) as event_count,
    from events
    where
        event_date between $since::date and $until::date
        and date_trunc('month', event_date) = date_trunc('month', event_date_end)
        and ($status = 'any' or status = $status)
        and ($country is null or $country in (source_country, target_country, place_country))
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
        and ($event_type is null or event_type = $event_type)
        and ($quad_class is null or quad_class = $quad_class)
    group by date_trunc('month', event_date)
),
theirs as (
    select date_trunc('month', event_date)::date as month, count(*) as event_count,
    from extract
    where
        event_date between $since::date and $until::date
        and ($country is null or $country in (source_country, target_country, place_country))
        and ($source is null or source_country = $source)
        and ($target is null or target_country = $target)
        and ($event_type is null or event_type = $event_type)
        and ($quad_class is null or quad_class = $quad_class)
    group by date_trunc('month', event_date)
),
both_counts as (
    select month, coalesce(ours.event_count, 0) as our_events, coalesce(theirs.event_count, 0) as their_events,
    from months
    left join ours using (month)
    left join theirs using (month)
)
select
    month,
    our_events,
    their_events,
    round(our_events / nullif(their_events, 0), 4) as ratio,
    round(corr(our_events, their_events) over (), 4) as correlation,
from both_counts
order by month
