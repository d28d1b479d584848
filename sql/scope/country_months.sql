-- grain: a row of country_month that may have changed
-- why: each panel is made anew where scope/panel_cells.sql says so
select subject as country, other as reading, month,
from scope.panel_cells
where panel = 'country'
