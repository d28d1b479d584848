-- grain: an event as the release of that number told it
-- why: a paper that cites a release can be computed again, whatever later reports added, changed or withdrew
-- use: from events_as_of(1)
create or replace macro events_as_of(release) as table
select *,
from events
where valid_from_release <= release
union all by name
select *,
from event_versions
where valid_from_release <= release and valid_to_release > release
