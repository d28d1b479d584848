-- grain: a file or record refused, by a reader or by the coder
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
uncoded as (
    select
        'coder-' || record_id as reject_id,
        batch_id,
        locator,
        record_number,
        'coder_failed' as reason_code,
        failure as evidence,
        articles.content_hash,
        records.publisher_name,
        records.published_at,
    from records
    join articles using (article_id)
    join raw.coded_articles using (article_id)
    where outcome = 'rejected' and not is_repeat
)
from unread
union all by name
from uncoded
