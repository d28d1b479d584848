-- grain: a row of dyad_month that changed
-- why: the published panel is brought up to date row by row
select subject as source_country, other as target_country, month,
from before.panels
where panel = 'dyad'
union
select subject as source_country, other as target_country, month,
from after.panels
where panel = 'dyad'
