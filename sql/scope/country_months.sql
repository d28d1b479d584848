-- grain: a row of country_month that changed
-- why: the published panel is brought up to date row by row
select subject as country, other as reading, month,
from before.panels
where panel = 'country'
union
select subject as country, other as reading, month,
from after.panels
where panel = 'country'
