-- grain: source country x target country x month
-- why: the usual unit of analysis; a dyad appears once some actual event joins it
-- made: view, by source_country, target_country, month of scope.dyad_months
select subject as source_country, other as target_country, panels.* exclude (panel, subject, other),
from staging.panels
where panel = 'dyad'
