-- grain: a sentence that reports the event
-- why: from a figure back to the words it was read from
-- parameter: event_id text -- the event
select
    published_at,
    publisher_name,
    title,
    sentence_text,
    trigger_text,
    status,
    event_date,
    place_name,
    confidence,
    url,
    article_id,
    mention_id,
from event_mentions
join articles using (article_id)
left join publishers using (publisher_id)
where event_id = $event_id
order by published_at nulls last, article_id, sentence_start, mention_id
