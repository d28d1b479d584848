-- grain: a dyad of countries, those with most conflict or most cooperation first
-- why: who is at odds with whom, or works with whom; a sum, so that many small events weigh as one large
-- parameter: side conflict|cooperation default conflict -- conflict or cooperation
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
-- parameter: count integer default 10 -- dyads to show
select
    source_country,
    target_country,
    count(*) as event_count,
    sum(mention_count)::bigint as mention_count,
    count(*) filter (quad_class = 'material ' || $side) as material_events,
    sum(intensity::decimal(9, 4))::double as intensity_sum,
    min(event_date) as first_date,
    max(event_date_end) as last_date,
from events
where
    ($status = 'any' or status = $status)
    and quad_class in ('verbal ' || $side, 'material ' || $side)
    and source_country is not null
    and target_country is not null
    and source_country <> target_country
    and (event_date is null or (event_date <= $until::date and event_date_end >= $since::date))
group by source_country, target_country
order by if($side = 'conflict', intensity_sum, -intensity_sum), source_country, target_country
limit $count::integer
