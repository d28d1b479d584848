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
    updated_at,
    published_basis,
    language,
    dateline,
    nullif(text, '') as text,
    text_length,
    duplicates.duplicate_of,
    duplicates.similarity,
    replaced_by,
    case
        when coalesce(duplicates.article_id, replaced_by) is not null then 'duplicate'
        when retired.article_id is not null then 'rejected'
        when coded_articles.failure is not null then 'rejected'
        when coded_articles.event_count > 0 then 'coded'
        when coded_articles.event_count = 0 then 'without_event'
    end as outcome,
    if(coalesce(duplicates.article_id, retired.article_id) is null, coded_articles.event_count, 0) as event_count,
    if(coalesce(duplicates.article_id, retired.article_id) is null, coder_version, null) as coder_version,
from raw.article_records
left join staging.publisher_names using (publisher_name)
left join staging.duplicates using (article_id)
left join staging.retired using (article_id)
left join raw.coded_articles using (article_id)
