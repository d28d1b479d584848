-- grain: an event type, or one mode of it
-- why: what a code means travels with the data
-- made: whole
select *,
from raw.event_types
