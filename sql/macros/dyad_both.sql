-- grain: an actual event between two countries in either direction, as events_readable shows it
-- why: the relation of two countries; a meeting is a row in each direction
-- use: from dyad_both('USA', 'RUS')
create or replace macro dyad_both(one, other, statuses := ['actual']) as table
select *,
from events_readable
where
    ((source_country = one and target_country = other) or (source_country = other and target_country = one))
    and list_contains(statuses, status)
order by event_date, event_id
