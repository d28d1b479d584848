-- grain: a subject x month of a panel that is counted anew
-- why: an event of it changed
select panel, subject, other, month,
from before.panel_events
union
select panel, subject, other, month,
from after.panel_events
