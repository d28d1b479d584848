-- grain: an article that repeats another, with the article at the end of its chain of repeats
-- why: a late article may take the place of one that others repeat already; what it repeats must be followed to the end
with recursive chains as (
    select article_id, duplicate_of as ancestor,
    from raw.duplicates
    union
    select chains.article_id, duplicates.duplicate_of as ancestor,
    from chains
    join raw.duplicates on duplicates.article_id = chains.ancestor
),
ends as (
    -- Should two articles ever repeat each other, the smaller id stands for both.
    select
        chains.article_id,
        coalesce(min(ancestor) filter (duplicates.article_id is null), min(ancestor)) as duplicate_of,
    from chains
    left join raw.duplicates on duplicates.article_id = chains.ancestor
    group by chains.article_id
)
select article_id, ends.duplicate_of, similarity,
from ends
join raw.duplicates using (article_id)
where article_id <> ends.duplicate_of
