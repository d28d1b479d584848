-- grain: an event
-- why: the head of an event's page; a file of the explorer holds the events whose ids begin alike
select substr(event_id, 1, $depth) as file, * exclude (contexts), array_to_string(contexts, ', ') as contexts,
from events
