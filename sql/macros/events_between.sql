-- grain: an actual event that touches the span of days, as events_readable shows it
-- why: what happened then; an event of which only the month is known belongs to each of its days
-- use: from events_between('2021-05-01', '2021-05-31')
create or replace macro events_between(since, until, statuses := ['actual']) as table
select *,
from events_readable
where event_date <= until::date and event_date_end >= since::date and list_contains(statuses, status)
order by event_date, event_id
