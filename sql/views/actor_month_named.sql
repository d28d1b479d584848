-- grain: actor x reading (source or target) x month, with the actor's name and kind
-- why: presidents, ministries and movements by name; an actor has a row for each of its roles, but one name
with names as (
    select actor_id, min(actor_name) as actor_name, min(kind) as kind,
    from actors
    group by actor_id
)
select actor_name, kind, actor_month.*,
from actor_month
left join names using (actor_id)
