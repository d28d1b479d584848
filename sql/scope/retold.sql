-- grain: a mention whose published row may have changed
-- why: it was coded anew, went away, or reports another event than before
select mention_id,
from scope.mentions
union
select mention_id,
from before.mention_events
union
select mention_id,
from after.mention_events
