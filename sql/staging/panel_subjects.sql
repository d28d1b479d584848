-- grain: a panel's subject (dyad, country and reading, actor and reading) with a counted event
-- why: dyads and countries are followed through all covered months; actors are many, each is followed from first to last event
-- made: by panel, subject, other of scope.panel_subjects
select
    panel,
    subject,
    other,
    if(panel = 'actor', min(month), null) as first_month,
    if(panel = 'actor', max(month), null) as last_month,
from staging.panel_events
semi join scope.panel_subjects using (panel, subject, other)
semi join staging.months using (month)
group by panel, subject, other
