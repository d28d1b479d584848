-- grain: an actor whose rows are made anew
-- why: articles name it more often or less often than before, or the reference lists it otherwise
select actor_id,
from raw.touched_actors
union
select actor_id,
from before.sightings
union
select actor_id,
from after.sightings
