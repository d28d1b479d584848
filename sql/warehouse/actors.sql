-- grain: an actor, with the period a role holds
-- why: whom the articles name and no seed lists stands beside the reference rows, told apart by is_discovered
-- made: by actor_id of scope.actors
with counted as (
    select
        *,
        sum(seen_count) over (partition by actor_id, actor_name) as name_count,
        sum(seen_count) over (partition by actor_id, kind) as kind_count,
        sum(seen_count) over (partition by actor_id, country) as country_count,
        sum(seen_count) over (partition by actor_id, sectors) as sectors_count,
    from staging.sightings
    semi join scope.actors using (actor_id)
),
discovered as (
    select
        actor_id,
        arg_min(actor_name, (-name_count, actor_name)) as actor_name,
        if(starts_with(actor_id, 'role:'), 'role', arg_min(kind, (-kind_count, kind))) as kind,
        arg_min(country, (-country_count, country)) as country,
        arg_min(sectors, (len(sectors) = 0, -sectors_count, sectors)) as sectors,
    from counted
    group by actor_id
)
select *,
from raw.actors
semi join scope.actors using (actor_id)
union all by name
select substr(sha256(actor_id), 1, 16) as actor_role_id, *, true as is_discovered,
from discovered
