-- grain: a publication of the warehouse
-- why: the history of what readers saw is kept by publish, not derived
select *,
from raw.releases
