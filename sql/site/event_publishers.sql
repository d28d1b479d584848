-- grain: an event x a publisher that reports it
-- why: the explorer filters by publisher; every outlet that tells the text reports its events
select distinct year_file(events.event_date) as file, event_id, publisher_id,
from events
join event_mentions using (event_id)
join articles as told on coalesce(told.duplicate_of, told.article_id) = event_mentions.article_id
where publisher_id is not null
