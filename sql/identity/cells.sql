-- grain: a cell (mentions of one block, equally fine, of one span) whose events are worked out anew
-- why: its mentions changed, or events within its reach did; read by pipeline/warehouse/build.py unless all are worked out anew
with relinked as (
    select mention_id,
    from before.own_links
    union
    select mention_id,
    from after.own_links
    union
    select via as mention_id,
    from after.own_links
),
touched as (
    select block, tier, article_id, first_day, last_day,
    from before.mention_keys
    union
    select block, tier, article_id, first_day, last_day,
    from after.mention_keys
    union
    select block, tier, article_id, first_day, last_day,
    from staging.mention_keys
    semi join relinked using (mention_id)
),
standing as (
    select *,
    from staging.mention_keys
    semi join touched using (block)
    anti join staging.own_links using (mention_id)
),
days as (
    select distinct block, first_day as day,
    from touched
    where tier = 'day'
),
span_cells as (
    select distinct block, first_day, last_day,
    from standing
    where tier = 'span'
),
assumed_cells as (
    select distinct block, first_day, last_day,
    from standing
    where tier = 'assumed'
),
spans as (
    select block, first_day, last_day,
    from touched
    where tier = 'span'
    union
    select block, first_day, last_day,
    from span_cells
    join days using (block)
    where day between first_day and last_day
),
assumed as (
    select block, first_day, last_day,
    from touched
    where tier = 'assumed'
    union
    select block, first_day, last_day,
    from assumed_cells
    join days using (block)
    where day between first_day - 7 and first_day
),
changed_names as (
    select block, first_day, last_day, unnest(names) as name,
    from before.mention_keys
    where tier in ('day', 'span')
    union
    select block, first_day, last_day, unnest(names) as name,
    from standing
    semi join days on days.block = standing.block and day = first_day
    where tier = 'day'
    union
    select block, first_day, last_day, unnest(names) as name,
    from standing
    semi join spans using (block, first_day, last_day)
    where tier = 'span'
),
long_names as (
    select block, first_day, last_day, unnest(names) as name,
    from standing
    where tier = 'long'
),
longs as (
    select block, first_day, last_day,
    from touched
    where tier = 'long'
    union
    select block, long_names.first_day, long_names.last_day,
    from long_names
    join changed_names using (block, name)
    where changed_names.first_day <= long_names.last_day and changed_names.last_day >= long_names.first_day
)
select block, 'day' as tier, day as first_day, day as last_day, null as article_id,
from days
union all
select block, 'span' as tier, first_day, last_day, null as article_id,
from spans
union all
select block, 'long' as tier, first_day, last_day, null as article_id,
from longs
union all
select block, 'assumed' as tier, first_day, last_day, null as article_id,
from assumed
union all
select distinct block, tier, first_day, last_day, article_id,
from touched
where tier = 'loose'
