-- grain: source country x target country x month
-- why: the usual unit of analysis; a dyad appears once some actual event joins it
select subject as source_country, other as target_country, panels.* exclude (panel, subject, other),
from staging.panels
where panel = 'dyad'
