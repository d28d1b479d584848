-- grain: a day of publication whose coverage is counted anew; null for records without one
-- why: its records, or what became of their articles, changed
select published_at::date as published_date,
from before.records
union
select published_at::date as published_date,
from after.records
union
select published_at::date as published_date,
from records
semi join scope.articles using (article_id)
