-- grain: an event
-- why: ids are half of all that is known of an event's row, and are needed for the few rows that are shown; in the order of event_columns
select year_file(event_date) as file, event_id,
from events
