-- grain: an event mention
-- why: what is highlighted in an article's text
select
    substr(article_id, 1, $depth) as file,
    article_id, mention_id, event_id, event_type, mode, status, event_date, source_name, source_start, source_end, target_name,
    target_start, target_end, trigger_start, trigger_end, date_start, date_end, place_name, place_start, place_end, sentence_start,
    sentence_end, confidence,
from event_mentions
