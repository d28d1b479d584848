-- grain: country x reading (source, target or place) x month, with the country's name
-- why: the panel as a table to read or to plot; zero where covered, null where not
select country_name, country_month.*,
from country_month
left join countries using (country)
