-- grain: a distinct event, with the sentence that tells it best
-- why: a row of codes is believed once its words stand beside it
-- parameter: count integer default 20 -- events to show
-- parameter: since date default 0001-01-01 -- first day
-- parameter: until date default 9999-12-31 -- last day
-- parameter: status status default any -- status of the events; any for all
with shown as (
    select *,
    from events
    where
        ($status = 'any' or status = $status)
        and (event_date is null or (event_date <= $until::date and event_date_end >= $since::date))
    order by article_count desc, mention_count desc, events.confidence desc, event_date, event_id
    limit $count::integer
),
best_mentions as (
    select event_id, arg_min(sentence_text, (-event_mentions.confidence, length(sentence_text), mention_id)) as sentence_text,
    from event_mentions
    semi join shown using (event_id)
    group by event_id
)
select
    event_date,
    source_name,
    source_country,
    event_type,
    mode,
    target_name,
    target_country,
    place_name,
    status,
    article_count,
    confidence,
    sentence_text,
    event_id,
from shown
join best_mentions using (event_id)
order by article_count desc, mention_count desc, confidence desc, event_date, event_id
