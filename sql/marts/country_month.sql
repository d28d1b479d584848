-- grain: country x reading (source, target or place) x month
-- why: what a country does, what is done to it and what happens in it are three questions
-- made: view, by country, reading, month of scope.country_months
select subject as country, other as reading, panels.* exclude (panel, subject, other),
from staging.panels
where panel = 'country'
