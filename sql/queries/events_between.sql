-- grain: a distinct event between two days
-- why: the plainest question: what was there in this period, most reported first
-- parameter: since date -- first day
-- parameter: until date -- last day
-- parameter: status status default actual -- status of the events; any for all
select
    event_date,
    event_date_end,
    date_precision,
    source_name,
    source_country,
    event_type,
    mode,
    target_name,
    target_country,
    place_name,
    quad_class,
    intensity,
    status,
    mention_count,
    article_count,
    publisher_count,
    confidence,
    event_id,
from events
where event_date <= $until::date and event_date_end >= $since::date and ($status = 'any' or status = $status)
order by event_date, article_count desc, event_id
