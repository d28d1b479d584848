-- grain: an event mention, with the event that it reports
-- why: an event is named after its first report, so that later ones, however much they add, do not rename it
-- made: by anchor_id of scope.anchors
with members as (
    select anchor_id, mention_id, article_id, reported_at,
    from staging.mention_anchors
    semi join scope.anchors using (anchor_id)
    join staging.mention_keys using (mention_id)
),
firsts as (
    select anchor_id, arg_min(mention_id, (reported_at, article_id, mention_id)) as first_report,
    from members
    group by anchor_id
)
select mention_id, article_id, anchor_id, substr(sha256('event ' || first_report), 1, 20) as event_id,
from members
join firsts using (anchor_id)
