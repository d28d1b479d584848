-- grain: an event that is made anew
-- why: its mentions changed, or another outlet reprinted an article that tells it
with reprinted as (
    select duplicate_of as article_id,
    from before.duplicates
    union
    select duplicate_of as article_id,
    from after.duplicates
)
select event_id,
from before.mention_events
union
select event_id,
from after.mention_events
union
select event_id,
from staging.mention_events
semi join scope.coded using (article_id)
union
select event_id,
from staging.mention_events
semi join reprinted using (article_id)
