-- grain: an article whose rows are made anew
-- why: it came in, was coded anew, or turned out to repeat another or to be replaced or retracted
select article_id,
from raw.touched_articles
union
select article_id,
from before.duplicates
union
select article_id,
from after.duplicates
union
select article_id,
from before.retired
union
select article_id,
from after.retired
