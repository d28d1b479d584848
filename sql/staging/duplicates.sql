-- grain: an article that repeats another, with the representative of all that tell the same text
-- why: a late article may take that place; of several rows the earliest representative holds that speaks, whatever batch came first
-- made: whole
with recursive dated as (
    select duplicates.*, coalesce(published_at, timestamp '9999-01-01') as representative_at,
    from raw.duplicates
    left join raw.article_records on article_records.article_id = duplicate_of
    anti join staging.retired as silent on silent.article_id = duplicate_of
    anti join staging.retired as gone on gone.article_id = duplicates.article_id
    where duplicates.article_id <> duplicate_of
),
named as (
    select
        article_id,
        arg_min(duplicate_of, (representative_at, duplicate_of)) as duplicate_of,
        arg_min(similarity, (representative_at, duplicate_of)) as similarity,
    from dated
    group by article_id
),
chains as (
    select article_id, duplicate_of as ancestor,
    from named
    union
    select chains.article_id, named.duplicate_of as ancestor,
    from chains
    join named on named.article_id = chains.ancestor
),
ends as (
    -- Should two articles ever repeat each other, the smaller id stands for both.
    select chains.article_id, coalesce(min(ancestor) filter (named.article_id is null), min(ancestor)) as duplicate_of,
    from chains
    left join named on named.article_id = chains.ancestor
    group by chains.article_id
)
select article_id, ends.duplicate_of, similarity,
from ends
join named using (article_id)
where article_id <> ends.duplicate_of
