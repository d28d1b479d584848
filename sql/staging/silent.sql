-- grain: an article that does not speak for itself: it repeats another, was replaced, or was taken back
-- why: its mentions and actors are left out everywhere
-- made: whole
select article_id,
from staging.duplicates
union
select article_id,
from staging.retired
