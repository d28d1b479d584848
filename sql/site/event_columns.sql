-- grain: an event
-- why: what the explorer filters, counts, draws and lists; a file holds the events of a year
select
    year_file(event_date) as file,
    event_id, event_date, event_date_end, date_precision, event_type, mode, quad_class, status, intensity, goldstein_score, confidence,
    coalesce(source_actor_id, source_name) as source_actor, source_name, source_country,
    coalesce(target_actor_id, target_name) as target_actor, target_name, target_country,
    place_id, place_name, place_country, place_precision, latitude, longitude, mention_count, article_count, publisher_count,
from events
