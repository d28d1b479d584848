-- grain: an actor, with what decides its levels
-- why: its roles differ in period, but not in what it is or belongs to
-- made: by actor_id of scope.actors
with bodies as (
    select distinct actor_id,
    from raw.actors
    where kind in ('organization', 'group')
)
select
    actor_id,
    min(kind) as kind,
    min(parent_actor_id) filter (parent_actor_id in (select actor_id from bodies)) as parent,
from actors
semi join scope.actors using (actor_id)
group by actor_id
