-- grain: a publisher, with what it gave in a period
-- why: an outlet that repeats others, lags behind or reports one kind of event bends every count drawn from it
-- parameter: since date default null -- first day; 90 days before the last day published where not given
-- parameter: until date default 9999-12-31 -- last day
with days as (
    select unnest(generate_series(
        coalesce($since::date, max(published_date) - 89), least($until::date, max(published_date)), interval 1 day
    ))::date as day,
    from coverage
    having count(published_date) > 0
),
issued as (
    select
        publisher_id,
        count(*) as article_count,
        count(*) filter (outcome = 'duplicate') as duplicate_count,
        count(*) filter (outcome = 'coded') as articles_with_events,
    from articles
    join days on day = published_at::date
    where publisher_id is not null
    group by publisher_id
),
reports as (
    -- An article that repeats another reports its events, too.
    select event_id, publisher_id, min(published_at)::date as reported_on,
    from event_mentions
    join days on day = event_date
    join articles on coalesce(articles.duplicate_of, articles.article_id) = event_mentions.article_id
    where status = 'actual' and publisher_id is not null
    group by event_id, publisher_id
),
mixes as (
    select
        publisher_id,
        count(*) as event_count,
        count(*) filter (publisher_count = 1) as only_here,
        median(reported_on - event_date) filter (event_date = event_date_end and date_precision <> 'assumed') as median_lag_days,
        count(*) filter (quad_class = 'verbal cooperation') as verbal_cooperation,
        count(*) filter (quad_class = 'material cooperation') as material_cooperation,
        count(*) filter (quad_class = 'verbal conflict') as verbal_conflict,
        count(*) filter (quad_class = 'material conflict') as material_conflict,
    from reports
    join events using (event_id)
    group by publisher_id
)
select
    publisher_name,
    coalesce(issued.article_count, 0) as article_count,
    coalesce(duplicate_count, 0) as duplicate_count,
    round(articles_with_events / nullif(issued.article_count - duplicate_count, 0), 4) as share_with_events,
    coalesce(event_count, 0) as event_count,
    coalesce(only_here, 0) as only_here,
    median_lag_days,
    round(verbal_cooperation / event_count, 4) as verbal_cooperation_share,
    round(material_cooperation / event_count, 4) as material_cooperation_share,
    round(verbal_conflict / event_count, 4) as verbal_conflict_share,
    round(material_conflict / event_count, 4) as material_conflict_share,
from issued
full join mixes using (publisher_id)
join publishers using (publisher_id)
order by article_count desc, publisher_name
