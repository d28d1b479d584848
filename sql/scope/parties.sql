-- grain: an actor as the mentions in scope name it
-- why: levels are worked out once for each, not for each mention
select source_actor_id as actor_id, source_country as country, source_sector as sector,
from staging.mentions
semi join scope.mentions using (mention_id, position)
union
select target_actor_id as actor_id, target_country as country, target_sector as sector,
from staging.mentions
semi join scope.mentions using (mention_id, position)
