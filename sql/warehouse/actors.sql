-- grain: an actor, with the period a role holds
-- why: whom the articles name and no seed lists stands beside the reference rows, told apart by is_discovered
with seen as (
    select actor_id, actor_name, kind, country, sectors,
    from actor_mentions
    union all
    select source_actor_id as actor_id, source_name as actor_name, null as kind, source_country as country, source_sectors as sectors,
    from staging.mentions
    union all
    select target_actor_id as actor_id, target_name as actor_name, null as kind, target_country as country, target_sectors as sectors,
    from staging.mentions
),
unlisted as (
    select actor_id, actor_name, kind, country, sectors, count(*) as seen_count,
    from seen
    anti join raw.actors using (actor_id)
    where actor_id is not null
    group by all
),
counted as (
    select
        *,
        sum(seen_count) over (partition by actor_id, actor_name) as name_count,
        sum(seen_count) over (partition by actor_id, kind) as kind_count,
        sum(seen_count) over (partition by actor_id, country) as country_count,
        sum(seen_count) over (partition by actor_id, sectors) as sectors_count,
    from unlisted
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
union all by name
select substr(sha256(actor_id), 1, 16) as actor_role_id, *, true as is_discovered,
from discovered
