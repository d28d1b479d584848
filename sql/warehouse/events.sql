-- grain: a distinct event: date, source, target, type, place
-- why: reports are many and events are few; each value is the best supported one, ties fall to the smallest, never to the first
-- made: by event_id of scope.events
with told as materialized (
    -- Which mentions they are is found first: joined with all that is known of every mention, it would take thrice as long.
    select mention_id, event_id,
    from event_mentions
    semi join scope.events using (event_id)
),
tellings as materialized (
    select
        event_id, mention_id, event_mentions.article_id, event_mentions.event_type, mode, contexts, quad_class, intensity, cameo_code,
        goldstein_score, status, event_date, event_date_end, date_precision,
        source_actor_id, source_name, source_country, source_sector, len(keys.source) as source_depth,
        target_actor_id, target_name, target_country, target_sector, len(keys.target) as target_depth,
        event_mentions.place_id, place_name, admin1, place_country, latitude, longitude, place_precision, place_basis,
        killed, killed_low, killed_high, injured, injured_low, injured_high, detained, detained_low, detained_high,
        displaced, displaced_low, displaced_high, participants, participants_low, participants_high,
        money, money_low, money_high, money_currency, confidence, coder_version,
    from (from raw.coded_mentions join told using (mention_id)) as event_mentions
    join staging.mention_keys as keys using (mention_id)
),
kinds as (
    select event_id, event_type, mode, quad_class, intensity, cameo_code, goldstein_score, count(*) as told,
    from tellings
    group by all
),
best_kinds as (
    select event_id, arg_min(kinds, (mode is null, -told, mode, cameo_code)) as kind, sum(told)::integer as mention_count,
    from kinds
    group by event_id
),
domains as (
    select event_id, list_sort(list_distinct(flatten(list(contexts)))) as contexts,
    from tellings
    group by event_id
),
statuses as (
    -- Only 'actual' and 'historical' ever share an event.
    select event_id, min(status) as status, max(coder_version) as coder_version,
    from tellings
    group by event_id
),
dates as (
    select event_id, event_date, event_date_end, date_precision, count(*) as told,
    from tellings
    where event_date is not null and not (status = 'historical' and date_precision is not distinct from 'assumed')
    group by all
),
best_dates as (
    -- Finer before more frequent: the day that two reports name is what ten others call 'this month'.
    select
        event_id,
        arg_min(
            dates, (date_precision is not distinct from 'assumed', event_date_end - event_date, -told, event_date, date_precision)
        ) as day,
    from dates
    group by event_id
),
parties as (
    select
        event_id,
        unnest(['source', 'target']) as role,
        unnest([source_actor_id, target_actor_id]) as actor_id,
        unnest([source_name, target_name]) as name,
        unnest([source_country, target_country]) as country,
        unnest([source_sector, target_sector]) as sector,
        unnest([source_depth, target_depth]) as depth,
    from tellings
),
named as (
    select event_id, role, actor_id, name, country, sector, depth, count(*) as told,
    from parties
    group by all
),
best_parties as (
    select
        event_id,
        arg_min(named, (-depth, -told, actor_id, name)) filter (role = 'source') as source,
        arg_min(named, (-depth, -told, actor_id, name)) filter (role = 'target') as target,
    from named
    group by event_id
),
places_told as (
    select
        event_id, place_id, place_name, admin1, place_country, latitude, longitude, place_precision,
        place_basis in ('dateline', 'focus') as is_indirect,
        count(*) as told,
    from tellings
    where place_id is not null
    group by all
),
best_places as (
    select
        event_id,
        arg_min(
            places_told,
            (is_indirect, list_position(['site', 'city', 'admin2', 'admin1', 'region', 'country'], place_precision), -told, place_id)
        ) as place,
    from places_told
    group by event_id
),
magnitudes as (
    select
        event_id,
        unnest(['killed', 'injured', 'detained', 'displaced', 'participants', 'money']) as measure,
        unnest([killed, injured, detained, displaced, participants, money]) as best,
        unnest([killed_low, injured_low, detained_low, displaced_low, participants_low, money_low]) as low,
        unnest([killed_high, injured_high, detained_high, displaced_high, participants_high, money_high]) as high,
        money_currency as currency,
    from tellings
    where coalesce(killed, injured, detained, displaced, participants, money) is not null
),
figures_told as (
    select event_id, measure, if(measure = 'money', currency, null) as currency, best, low, high, count(*) as told,
    from magnitudes
    where best is not null
    group by all
),
best_figures as (
    -- Amounts in different currencies are not compared: the one that is told most often stands.
    select
        event_id, measure, currency, arg_min(best, (-told, high - low, best)) as best, min(low) as low, max(high) as high,
    from figures_told
    group by event_id, measure, currency
    qualify row_number() over (partition by event_id, measure order by sum(told) desc, currency nulls last) = 1
),
figures_by_event as (
    select
        event_id,
        max(best) filter (measure = 'killed') as killed,
        max(low) filter (measure = 'killed') as killed_low,
        max(high) filter (measure = 'killed') as killed_high,
        max(best) filter (measure = 'injured') as injured,
        max(low) filter (measure = 'injured') as injured_low,
        max(high) filter (measure = 'injured') as injured_high,
        max(best) filter (measure = 'detained') as detained,
        max(low) filter (measure = 'detained') as detained_low,
        max(high) filter (measure = 'detained') as detained_high,
        max(best) filter (measure = 'displaced') as displaced,
        max(low) filter (measure = 'displaced') as displaced_low,
        max(high) filter (measure = 'displaced') as displaced_high,
        max(best) filter (measure = 'participants') as participants,
        max(low) filter (measure = 'participants') as participants_low,
        max(high) filter (measure = 'participants') as participants_high,
        max(best) filter (measure = 'money') as money,
        max(low) filter (measure = 'money') as money_low,
        max(high) filter (measure = 'money') as money_high,
        max(currency) as money_currency,
    from best_figures
    group by event_id
),
told_by as (
    select event_id, article_id, max(confidence) as confidence,
    from tellings
    group by all
),
reports as (
    -- Every article that tells the text counts as a report of its events.
    select
        event_id,
        count(*)::integer as article_count,
        count(distinct publisher_id)::integer as publisher_count,
        min(published_at) as first_reported_at,
    from told_by
    join articles on coalesce(articles.duplicate_of, articles.article_id) = told_by.article_id
    group by event_id
),
certainty as (
    -- Articles err apart from each other, sentences of one article together. Decimals add up alike in any order; doubles do not.
    select event_id, round(1 - greatest(0.01, exp(sum(ln(1 - least(confidence, 0.99))::decimal(12, 9)))), 4) as confidence,
    from told_by
    group by event_id
)
select
    event_id,
    day.event_date,
    day.event_date_end,
    day.date_precision,
    kind.event_type,
    kind.mode,
    contexts,
    kind.quad_class,
    kind.intensity,
    kind.cameo_code,
    kind.goldstein_score,
    status,
    source.actor_id as source_actor_id,
    source.name as source_name,
    source.country as source_country,
    source.sector as source_sector,
    target.actor_id as target_actor_id,
    target.name as target_name,
    target.country as target_country,
    target.sector as target_sector,
    place.place_id,
    place.place_name,
    place.admin1,
    place.place_country,
    place.latitude,
    place.longitude,
    place.place_precision,
    figures_by_event.* exclude (event_id),
    mention_count,
    article_count,
    publisher_count,
    first_reported_at,
    confidence,
    coder_version,
    null::integer as valid_from_release,
    null::integer as valid_to_release,
from best_kinds
join domains using (event_id)
join statuses using (event_id)
join best_parties using (event_id)
join reports using (event_id)
join certainty using (event_id)
left join best_dates using (event_id)
left join best_places using (event_id)
left join figures_by_event using (event_id)
