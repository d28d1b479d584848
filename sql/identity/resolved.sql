-- grain: a mention whose event is worked out anew
-- why: it lies in a cell that changed, or means what such a mention of its article means
with dated as (
    select block, tier, first_day, last_day,
    from scope.cells
    where tier <> 'loose'
),
loose as (
    select block, article_id,
    from scope.cells
    where tier = 'loose'
),
standing as (
    select mention_id,
    from staging.mention_keys
    semi join dated using (block, tier, first_day, last_day)
    anti join staging.own_links using (mention_id)
    union all
    select mention_id,
    from staging.mention_keys
    semi join loose using (block, article_id)
    anti join staging.own_links using (mention_id)
    where tier = 'loose'
)
select mention_id,
from standing
union
select mention_id,
from staging.own_links
semi join standing on standing.mention_id = via
union
select mention_id,
from after.own_links
union
select mention_id,
from before.own_links
union
select mention_id,
from before.mention_keys
