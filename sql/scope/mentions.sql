-- grain: a mention of an article that is resolved anew
-- why: with its position, so that only the part of the table is read where new mentions lie
select mention_id, position,
from staging.mentions
semi join scope.coded using (article_id)
