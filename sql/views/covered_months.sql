-- grain: a calendar month between the first and the last day on which some article was covered
-- why: a month without articles is unknown, which is not the same as quiet; the panels stand on these months
with days as (
    select distinct published_date as day,
    from coverage
    where published_date is not null and coded + without_event + duplicate > 0
),
spine as (
    select unnest(generate_series(date_trunc('month', min(day)), date_trunc('month', max(day)), interval 1 month))::date as month,
    from days
)
select month, count(day)::integer as covered_days,
from spine
left join days on date_trunc('month', day) = month
group by month
