-- grain: a subject of a panel with an event that changed
-- why: it may be new, or gone, or be followed for more months than before
select panel, subject, other,
from before.panel_events
union
select panel, subject, other,
from after.panel_events
