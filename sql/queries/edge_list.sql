-- grain: a dyad over a period: a directed, weighted edge
-- why: what igraph, networkx or Gephi read; what a country or actor does to itself is no edge
-- parameter: by country|actor default country -- whether a node is a country or an actor
-- parameter: event_type event_type default null -- PLOVER event type
-- parameter: quad_class quad_class default null -- quad class, such as material conflict
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
-- parameter: count integer default 1000 -- edges to show, the heaviest first
select
    if($by = 'actor', source_actor_id, source_country) as source,
    if($by = 'actor', target_actor_id, target_country) as target,
    if($by = 'actor', min(source_name), null) as source_name,
    if($by = 'actor', min(target_name), null) as target_name,
    count(*) as event_count,
    sum(mention_count)::bigint as mention_count,
    count(*) filter (quad_class in ('verbal cooperation', 'material cooperation')) as cooperation_events,
    count(*) filter (quad_class in ('verbal conflict', 'material conflict')) as conflict_events,
    sum(intensity::decimal(9, 4))::double as intensity_sum,
    round(sum(goldstein_score::decimal(9, 4))::double / count(*), 4) as goldstein_mean,
from events
where
    if($by = 'actor', source_actor_id <> target_actor_id, source_country <> target_country)
    and ($status = 'any' or status = $status)
    and ($event_type is null or event_type = $event_type)
    and ($quad_class is null or quad_class = $quad_class)
    and (event_date is null or (event_date <= $until::date and event_date_end >= $since::date))
group by if($by = 'actor', source_actor_id, source_country), if($by = 'actor', target_actor_id, target_country)
order by event_count desc, source, target
limit $count::integer
