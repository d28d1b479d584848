-- grain: a spelling of a publisher's name
-- why: 'Northern Wire' and 'NORTHERN  WIRE' are one outlet
-- made: whole
with spellings as (
    select distinct
        publisher_name,
        lower(strip_accents(trim(regexp_replace(publisher_name, '\s+', ' ', 'g')))) as normal_name,
    from raw.article_records
)
select publisher_name, substr(sha256(normal_name), 1, 16) as publisher_id,
from spellings
where normal_name <> ''
