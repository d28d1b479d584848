-- grain: an event, by its anchor, that gained or lost a mention
-- why: only these can have another first report, and so another id
select anchor_id,
from before.mention_anchors
union
select anchor_id,
from after.mention_anchors
