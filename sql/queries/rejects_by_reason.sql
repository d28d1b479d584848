-- grain: a reason for which files or records were refused
-- why: what is missing from the warehouse, and what to mend to get it back
select
    reason_code,
    count(*) as reject_count,
    count(distinct split_part(locator, '!', 1)) as file_count,
    min(locator) as example_locator,
    arg_min(evidence, locator) as example_evidence,
from rejects
group by reason_code
order by reject_count desc, reason_code
