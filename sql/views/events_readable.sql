-- grain: a distinct event, with the names of its countries and the definition of its type
-- why: the common questions need no join; what stands here is what a person reads, the rest stays in events
select
    event_date,
    event_date_end,
    date_precision,
    source_name,
    source_country,
    source_countries.country_name as source_country_name,
    source_sector,
    events.event_type,
    events.mode,
    target_name,
    target_country,
    target_countries.country_name as target_country_name,
    target_sector,
    status,
    place_name,
    admin1,
    place_country,
    place_countries.country_name as place_country_name,
    latitude,
    longitude,
    place_precision,
    contexts,
    events.quad_class,
    events.intensity,
    events.cameo_code,
    events.goldstein_score,
    killed,
    injured,
    detained,
    displaced,
    participants,
    money,
    money_currency,
    mention_count,
    article_count,
    publisher_count,
    first_reported_at,
    confidence,
    definition,
    event_id,
from events
left join countries as source_countries on source_countries.country = source_country
left join countries as target_countries on target_countries.country = target_country
left join countries as place_countries on place_countries.country = place_country
left join event_types
    on event_types.event_type = events.event_type and event_types.mode is not distinct from events.mode
