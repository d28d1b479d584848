-- grain: an event as one sentence of one article tells it
-- why: every figure in events can be traced to these sentences
-- made: view, by mention_id of scope.retold
select mention_id, event_id, coded_mentions.* exclude (mention_id),
from raw.coded_mentions
join (select mention_id, event_id, from staging.mention_events) using (mention_id)
