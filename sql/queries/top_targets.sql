-- grain: a target of one country's events, most frequent first
-- why: towards whom a country acts, and in what way
-- parameter: source country -- country of the source, ISO 3166-1 alpha-3
-- parameter: by country|actor default country -- whether a target is a country or an actor
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
-- parameter: count integer default 20 -- targets to show
select
    if($by = 'actor', target_actor_id, target_country) as target,
    if($by = 'actor', min(target_name), null) as target_name,
    count(*) as event_count,
    sum(mention_count)::bigint as mention_count,
    count(*) filter (quad_class = 'verbal cooperation') as verbal_cooperation_events,
    count(*) filter (quad_class = 'material cooperation') as material_cooperation_events,
    count(*) filter (quad_class = 'verbal conflict') as verbal_conflict_events,
    count(*) filter (quad_class = 'material conflict') as material_conflict_events,
    round(sum(goldstein_score::decimal(9, 4))::double / count(*), 4) as goldstein_mean,
    max(event_date_end) as last_date,
from events
where
    source_country = $source
    and ($status = 'any' or status = $status)
    and ($event_type is null or event_type = $event_type)
    and ($quad_class is null or quad_class = $quad_class)
    and (event_date is null or (event_date <= $until::date and event_date_end >= $since::date))
    and if($by = 'actor', target_actor_id, target_country) is not null
group by if($by = 'actor', target_actor_id, target_country)
order by event_count desc, target
limit $count::integer
