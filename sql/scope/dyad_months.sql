-- grain: a row of dyad_month that may have changed
-- why: each panel is made anew where scope/panel_cells.sql says so
select subject as source_country, other as target_country, month,
from scope.panel_cells
where panel = 'dyad'
