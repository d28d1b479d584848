-- grain: an event mention of an article that speaks for itself
-- why: a copy of a text is no second telling; it counts as a report, but adds no evidence
-- made: view
select rowid as position, *,
from raw.coded_mentions
anti join staging.silent using (article_id)
