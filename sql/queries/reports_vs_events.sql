-- grain: an event type, with its distinct events and their reports
-- why: attention is not activity; where reports far outnumber events, counting reports would mislead
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default actual -- status of the events; any for all
select
    event_type,
    count(*) as event_count,
    sum(mention_count)::bigint as mention_count,
    sum(article_count)::bigint as report_count,
    round(sum(article_count) / count(*), 2) as reports_per_event,
    max(article_count) as most_reports,
from events
where
    ($status = 'any' or status = $status)
    and (event_date is null or (event_date <= $until::date and event_date_end >= $since::date))
group by event_type
order by event_count desc, event_type
