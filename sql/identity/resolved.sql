-- grain: a mention whose event is worked out anew
-- why: it lies in a cell that changed, or means what such a mention of its article means
with standing as (
    select mention_id,
    from staging.mention_keys as keys
    semi join scope.cells
        on cells.block = keys.block
        and cells.tier = keys.tier
        and cells.first_day is not distinct from keys.first_day
        and cells.last_day is not distinct from keys.last_day
        and coalesce(cells.article_id, keys.article_id) = keys.article_id
    anti join staging.own_links using (mention_id)
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
