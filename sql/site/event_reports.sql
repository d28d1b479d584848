-- grain: an event mention
-- why: the sentences of an event's page, each with its article
select
    substr(event_id, 1, $depth) as file,
    event_id, mention_id, event_mentions.article_id, event_type, mode, status, status_cue, event_date, date_precision, date_basis,
    sentence_text, sentence_start, source_name, source_text, source_start, source_end, target_name, target_text, target_start, target_end,
    trigger_text, trigger_start, trigger_end, date_text, date_start, date_end, place_name, place_text, place_start, place_end,
    place_basis, killed_text, injured_text, detained_text, displaced_text, participants_text, money_text, confidence, made_by,
    event_mentions.coder_version, title, publisher_name, url, published_at,
from event_mentions
join articles using (article_id)
left join publishers using (publisher_id)
