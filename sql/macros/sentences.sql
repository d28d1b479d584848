-- grain: a sentence that reports the event, as mentions_readable shows it
-- why: every event knows its words; the earliest report comes first
-- use: from sentences('1061007f065c487ce07e')
create or replace macro sentences(event) as table
select *,
from mentions_readable
where event_id = event
order by published_at nulls last, article_id, mention_id
