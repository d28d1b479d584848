-- grain: a file or record refused
-- why: a record that was read after all, by a retry, is refused no longer
select rejects.*,
from raw.rejects
where reject_id not in (
    select raw_records.reject_id
    from raw.records as raw_records
    anti join records using (record_id, reject_id)
    where raw_records.reject_id is not null
)
