-- grain: a record read from a file
-- why: a reject that was retried and read leaves the ledger; which of several equal records is the repeat hangs on no order of loading
-- made: by record_id of scope.records
with touched as (
    select record_id, article_id, locator, record_number,
    from raw.records
    semi join scope.records using (record_id)
),
considered as (
    select record_id,
    from touched
    union
    select record_id,
    from raw.records
    semi join touched using (article_id)
    union
    select record_id,
    from raw.records
    semi join touched using (locator, record_number)
),
settled as (
    select distinct on (record_id) * exclude (is_repeat),
    from raw.records
    semi join considered using (record_id)
    order by record_id, article_id is null, article_id, reject_id, batch_id
),
standing as (
    -- A refused record stands no more once it was read from the same bytes, or from a file that could not be read whole before.
    select *,
    from settled as refused
    where article_id is not null or not exists (
        from settled as read
        where read.article_id is not null and read.locator = refused.locator and read.record_number = refused.record_number
            and coalesce(read.file_hash = refused.file_hash, refused.file_hash is null)
    )
),
counted as (
    select
        *,
        article_id is not null
        and row_number() over (partition by article_id order by locator, record_number, record_id) > 1 as is_repeat,
    from standing
)
select *,
from counted
semi join scope.records using (record_id)
