-- grain: an event that is not now as it was in a release
-- why: whoever worked with an older release sees what a new one would change in the results, without comparing files
-- parameter: release integer -- number of the older release, as in releases; 0 = before the first
-- parameter: count integer default 1000 -- events to show
with before as (
    select *,
    from event_versions
    where valid_from_release <= $release::integer and valid_to_release > $release::integer
),
now as (
    select *,
    from events
    where valid_from_release > $release::integer
)
select
    case when before.event_id is null then 'added' when now.event_id is null then 'withdrawn' else 'changed' end as change,
    coalesce(now.valid_from_release, before.valid_to_release) as release_number,
    now.event_date,
    before.event_date as event_date_before,
    now.source_name,
    before.source_name as source_name_before,
    now.event_type,
    before.event_type as event_type_before,
    now.target_name,
    before.target_name as target_name_before,
    now.place_name,
    before.place_name as place_name_before,
    now.status,
    before.status as status_before,
    now.killed,
    before.killed as killed_before,
    now.mention_count,
    before.mention_count as mention_count_before,
    event_id,
from now
full join before using (event_id)
order by release_number, change, coalesce(now.event_date, before.event_date), event_id
limit $count::integer
