-- grain: a record of the ledger that is made anew
-- why: which of several equal records is the repeat is decided among all records of the article; what is read now may have been refused
with touched as (
    select record_id, article_id, locator, record_number,
    from raw.records
    semi join raw.touched_records using (record_id)
)
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
