-- grain: an event as one sentence of one article tells it
-- why: every figure in events can be traced to these sentences
select mention_id, event_id, mentions.* exclude (mention_id),
from staging.mentions
join staging.mention_events using (mention_id)
