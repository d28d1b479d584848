-- grain: an article that no longer speaks for its outlet: a later version replaces it, a notice takes it back, or it was forgotten
-- why: corrections and retractions hold, in whatever order the versions come in; ingest reads this file too
-- made: whole
with told as (
    select
        article_id, publisher_name, external_id, canonical_url, published_at, text_length,
        coalesce(greatest(published_at, updated_at), timestamp '0001-01-01') as version_at,
    from raw.article_records
),
addresses as (
    -- Of records under one address that bear different ids of the outlet, each id is an article.
    select canonical_url, count(distinct external_id) > 1 as holds_several,
    from told
    where canonical_url is not null
    group by canonical_url
    having count(*) > 1
),
stories as (
    select *, hash(canonical_url, if(holds_several, external_id, null)) as story,
    from told
    join addresses using (canonical_url)
    union all by name
    -- Ids alone are often mere numbers of a file: only with the same publication time are they the same article.
    select *, hash(publisher_name, external_id, published_at) as story,
    from told
    where canonical_url is null and publisher_name is not null and external_id is not null and published_at is not null
    qualify count(*) over (partition by publisher_name, external_id, published_at) > 1
),
parted as (
    -- An address that tells something new after a week is a page, not an article.
    select *, coalesce(version_at - lag(version_at) over version > interval 7 days, true) as begins,
    from stories
    window version as (partition by story order by version_at, article_id)
),
numbered as (
    select *, count(*) filter (begins) over (partition by story order by version_at, article_id rows unbounded preceding) as part,
    from parted
),
newest as (
    -- A teaser of the same address, less than half as long, replaces nothing.
    select
        article_id,
        arg_max(article_id, (text_length * 2 >= longest, version_at, text_length, article_id)) over (partition by story, part) as newest,
    from (select *, max(text_length) over (partition by story, part) as longest from numbered)
),
notices as (
    select reject_id, publisher_name, external_id, canonical_url, published_at as told_at,
    from raw.rejects
    where reason_code = 'retracted'
),
retractions as (
    select article_id, reject_id,
    from told
    join notices using (canonical_url)
    where coalesce(version_at <= told_at, true) and coalesce(told.external_id = notices.external_id, true)
    union all
    select article_id, reject_id,
    from told
    join notices using (publisher_name, external_id)
    where coalesce(version_at <= told_at, true)
)
select article_id, min(replaced_by) as replaced_by, min(reject_id) as reject_id,
from (
    select article_id, newest as replaced_by, null as reject_id,
    from newest
    where article_id <> newest
    union all
    select article_id, null as replaced_by, reject_id,
    from retractions
    union all
    select article_id, null as replaced_by, null as reject_id,
    from told
    semi join raw.forgotten on forgotten_id = article_id
)
group by article_id
