-- grain: an actor as mentions name it (actor, country, sector), with its levels from coarse to fine
-- why: Blinken may be 'the US government' and 'the United States', but never Biden, Congress or an armed group
-- made: by actor_id, country, sector of scope.parties
with described as (
    select
        *,
        country is not null and (
            kind is not distinct from 'country'
            or sector in ('GOV', 'MIL', 'LEG', 'JUD', 'COP', 'SPY')
            or (actor_id is null and sector is null)
        ) as is_state,
        coalesce(kind in ('person', 'organization', 'group'), false) as is_specific,
        -- Without a state behind them, parties are known by sector ('militants'), then by country, else by what they are part of.
        list_filter(
            [
                if(country is not null or kind is not distinct from 'role', '~' || coalesce(sector, ''), null),
                country || ' ' || coalesce(sector, ''),
                parent,
                if(is_specific, actor_id, null),
            ],
            lambda level: level is not null
        ) as own_levels,
    from scope.parties
    left join staging.known_actors using (actor_id)
)
select
    actor_id,
    country,
    sector,
    case
        when actor_id is null and country is null then []::varchar[]
        when is_state and kind is not distinct from 'person' then [country, sector, actor_id]
        -- The government speaks for the country; ministries and cabinets are the government.
        when is_state and (kind is not distinct from 'country' or coalesce(sector, 'GOV') = 'GOV') then [country]
        when is_state then [country, sector]
        when own_levels <> [] then own_levels
        else [actor_id]
    end as levels,
from described
