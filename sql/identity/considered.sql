-- grain: a mention that bears on those whose event is worked out anew
-- why: whole cells, so that each gives the events that it always gives
with blocks as (
    select distinct block,
    from scope.cells
),
standing as (
    select *,
    from staging.mention_keys
    semi join blocks using (block)
    anti join staging.own_links using (mention_id)
),
long_names as (
    select block, first_day, last_day, unnest(names) as name,
    from standing
    semi join (from scope.cells where tier = 'long') as cells using (block, first_day, last_day)
    where tier = 'long'
),
fine_names as (
    select block, tier, first_day, last_day, unnest(names) as name,
    from standing
    semi join long_names using (block)
    where tier in ('day', 'span')
),
related as (
    select distinct fine_names.block, fine_names.tier, fine_names.first_day, fine_names.last_day,
    from fine_names
    join long_names using (block, name)
    where fine_names.first_day <= long_names.last_day and fine_names.last_day >= long_names.first_day
),
windows as (
    select block, first_day, last_day,
    from scope.cells
    where tier in ('day', 'span')
    union
    select block, first_day - 7 as first_day, first_day as last_day,
    from scope.cells
    where tier = 'assumed'
    union
    select block, first_day, last_day,
    from related
),
days as (
    select distinct block, first_day,
    from standing
    where tier = 'day'
),
needed_days as (
    select distinct block, days.first_day,
    from days
    join windows using (block)
    where days.first_day between windows.first_day and windows.last_day
)
select mention_id,
from scope.resolved
union
select mention_id,
from standing
semi join needed_days using (block, first_day)
where tier = 'day'
union
select mention_id,
from standing
semi join (from related where tier = 'span') as related using (block, first_day, last_day)
where tier = 'span'
