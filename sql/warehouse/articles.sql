-- grain: an article
-- why: a demoted article has mentions of its own in raw, but repeats another here, whatever order the two came in
-- made: view, by article_id of scope.articles
select
    article_id,
    content_hash,
    publisher_id,
    url,
    external_id,
    title,
    published_at,
    published_basis,
    language,
    dateline,
    text,
    length(text)::integer as text_length,
    duplicates.duplicate_of,
    duplicates.similarity,
    case
        when duplicates.article_id is not null then 'duplicate'
        when coded_articles.failure is not null then 'rejected'
        when coded_articles.event_count > 0 then 'coded'
        when coded_articles.event_count = 0 then 'without_event'
    end as outcome,
    if(duplicates.article_id is null, coded_articles.event_count, 0) as event_count,
    if(duplicates.article_id is null, coder_version, null) as coder_version,
from raw.article_records
left join staging.publisher_names using (publisher_name)
left join staging.duplicates using (article_id)
left join raw.coded_articles using (article_id)
