-- grain: an actual event from a source country to a target country, as events_readable shows it
-- why: who did what to whom, in one direction; countries are ISO 3166-1 alpha-3 codes, as the view countries lists them
-- use: from dyad('USA', 'RUS')
create or replace macro dyad(source, target, statuses := ['actual']) as table
select *,
from events_readable
where source_country = source and target_country = target and list_contains(statuses, status)
order by event_date, event_id
