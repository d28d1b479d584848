-- grain: a record read from a file
-- why: a reject that was retried and read leaves the ledger; which of several equal records is the repeat hangs on no order of loading
with settled as (
    select distinct on (record_id) * exclude (is_repeat),
    from raw.records
    order by record_id, article_id is null, article_id, reject_id, batch_id
)
select
    *,
    article_id is not null
    and row_number() over (partition by article_id order by locator, record_number, record_id) > 1 as is_repeat,
from settled
