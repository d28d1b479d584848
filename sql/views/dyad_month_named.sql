-- grain: source country x target country x month, with their names
-- why: the panel as a table to read or to plot; zero where covered, null where not
select source_countries.country_name as source_country_name, target_countries.country_name as target_country_name, dyad_month.*,
from dyad_month
left join countries as source_countries on source_countries.country = source_country
left join countries as target_countries on target_countries.country = target_country
