-- grain: a span of days on which a publisher gave nothing, between days on which it did
-- why: a silent outlet must not be read as a quiet world
-- parameter: days integer default 2 -- shortest gap to show, in days
with published as (
    select distinct publisher_name, published_date,
    from coverage
    where published_date is not null
),
neighbours as (
    select
        publisher_name,
        published_date as last_day_before,
        lead(published_date) over (partition by publisher_name order by published_date) as first_day_after,
    from published
)
select publisher_name, last_day_before, first_day_after, first_day_after - last_day_before - 1 as days_missing,
from neighbours
where first_day_after - last_day_before - 1 >= $days::integer
order by days_missing desc, publisher_name, last_day_before
