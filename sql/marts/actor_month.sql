-- grain: actor x reading (source or target) x month, from the actor's first event to its last
-- why: presidents, ministries and movements over time, apart from their countries
-- made: view, by actor_id, reading, month of scope.actor_months
select subject as actor_id, other as reading, panels.* exclude (panel, subject, other),
from staging.panels
where panel = 'actor'
