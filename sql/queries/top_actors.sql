-- grain: an actor, those in most distinct events first
-- why: who is at work in a period: persons, ministries and movements, not only countries
-- parameter: reading source|target|any default any -- whether the actor is the source or the target of the events, or either
-- parameter: country country default null -- country of the actor, ISO 3166-1 alpha-3; all where not given
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
-- parameter: count integer default 20 -- actors to show
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
        source_actor_id as actor_id,
        count(*) as source_events,
        0 as target_events,
        sum(mention_count) as mentions,
        count(*) filter (quad_class in ('verbal conflict', 'material conflict')) as conflict_events,
    from chosen
    where $reading <> 'target' and source_actor_id is not null and ($country is null or source_country = $country)
    group by source_actor_id
    union all
    select
        target_actor_id as actor_id,
        0 as source_events,
        count(*) as target_events,
        sum(mention_count) as mentions,
        count(*) filter (quad_class in ('verbal conflict', 'material conflict')) as conflict_events,
    from chosen
    where $reading <> 'source' and target_actor_id is not null and ($country is null or target_country = $country)
    group by target_actor_id
),
counted as (
    select
        actor_id,
        sum(source_events + target_events)::bigint as event_count,
        sum(source_events)::bigint as source_events,
        sum(target_events)::bigint as target_events,
        sum(conflict_events)::bigint as conflict_events,
        sum(mentions)::bigint as mention_count,
    from sides
    group by actor_id
    order by event_count desc, actor_id
    limit $count::integer
),
names as (
    select actor_id, min(actor_name) as actor_name, min(kind) as kind, min(country) as country,
    from actors
    semi join counted using (actor_id)
    group by actor_id
)
select actor_name, kind, country, event_count, source_events, target_events, conflict_events, mention_count, actor_id,
from counted
left join names using (actor_id)
order by event_count desc, actor_id
