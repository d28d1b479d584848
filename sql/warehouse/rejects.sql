-- grain: a file or record refused, by a reader or by the coder, or forgotten on request
-- why: a record that was read after all, by a retry, is refused no longer
-- made: whole
with unread as (
    select rejects.*,
    from raw.rejects
    where reject_id not in (
        select raw_records.reject_id
        from raw.records as raw_records
        anti join records using (record_id, reject_id)
        where raw_records.reject_id is not null
    )
),
unspoken as (
    select
        case when forgotten_id is not null then 'forgotten-' when retired.article_id is null then 'coder-' else 'retracted-' end
        || record_id as reject_id,
        records.batch_id,
        records.locator,
        records.record_number,
        case when forgotten_id is not null then 'forgotten' when retired.article_id is null then 'coder_failed' else 'retracted' end
        as reason_code,
        coalesce(forgotten.reason, 'taken back by ' || notices.locator || ': ' || notices.evidence, failure) as evidence,
        articles.content_hash,
        records.publisher_name,
        records.published_at,
        article_records.canonical_url,
        article_records.external_id,
    from records
    join articles using (article_id)
    join raw.article_records using (article_id)
    left join staging.retired using (article_id)
    left join raw.rejects as notices on notices.reject_id = retired.reject_id
    left join raw.coded_articles using (article_id)
    left join raw.forgotten on forgotten_id = article_id
    where outcome = 'rejected' and not is_repeat
)
from unread
union all by name
from unspoken
