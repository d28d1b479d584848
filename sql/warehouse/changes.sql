-- grain: an event that a publication added, changed or withdrew
-- why: whoever follows the data reads these instead of comparing files
select *,
from raw.changes
