-- grain: an outlet that some article names
-- why: its most frequent spelling is its name; of equally frequent ones the smallest, so that any order gives the same
-- made: whole
with spellings as (
    select publisher_id, publisher_name, count(*) as article_count, min(published_at) as first_at, max(published_at) as last_at,
    from raw.article_records
    join staging.publisher_names using (publisher_name)
    group by all
)
select
    publisher_id,
    arg_min(publisher_name, (-article_count, publisher_name)) as publisher_name,
    sum(article_count)::integer as article_count,
    min(first_at) as first_published_at,
    max(last_at) as last_published_at,
from spellings
group by publisher_id
