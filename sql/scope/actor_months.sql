-- grain: a row of actor_month that changed
-- why: the published panel is brought up to date row by row
select subject as actor_id, other as reading, month,
from before.panels
where panel = 'actor'
union
select subject as actor_id, other as reading, month,
from after.panels
where panel = 'actor'
