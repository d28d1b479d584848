-- grain: a place that a changed mention names or named
-- why: places come and go with their mentions
select place_id,
from before.mention_keys
where place_id is not null
union
select place_id,
from after.mention_keys
where place_id is not null
