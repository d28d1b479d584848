-- grain: a sentence that reports an event, with its article and outlet
-- why: from a figure back to the words it was read from, and to who printed them
select
    event_id,
    published_at,
    publisher_name,
    title,
    sentence_text,
    trigger_text,
    source_name,
    event_type,
    mode,
    target_name,
    status,
    event_date,
    date_basis,
    place_name,
    place_basis,
    confidence,
    made_by,
    url,
    article_id,
    mention_id,
from event_mentions
join articles using (article_id)
left join publishers using (publisher_id)
