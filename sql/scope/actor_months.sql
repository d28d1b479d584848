-- grain: a row of actor_month that may have changed
-- why: each panel is made anew where scope/panel_cells.sql says so
select subject as actor_id, other as reading, month,
from scope.panel_cells
where panel = 'actor'
