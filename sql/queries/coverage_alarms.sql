-- grain: something unusual in what came in: a silent publisher, a silent day, a drop or a jump
-- why: a silent outlet must not be read as a quiet world, and a feed cut short is best noticed the next day
-- parameter: until date default null -- last day to judge; by default the last on which anything was published
-- parameter: days integer default 7 -- how many days to judge
-- parameter: window integer default 28 -- the days before a day that it is compared with
-- parameter: factor number default 2 -- how far a day must lie beyond its usual range, and a silence beyond the usual ones
-- parameter: least integer default 10 -- records a day from which on drops and jumps are told
with span as (
    select last_day, last_day - ($days::integer - 1) as first_day, last_day - ($days::integer - 1) - $window::integer as since,
    from (select coalesce($until::date, max(published_date)) as last_day, from coverage)
),
series as (
    -- Each publisher, and all of them together under the name ''.
    select unnest(if(publisher_name is null, [''], [publisher_name, ''])) as publisher, published_date as day, records_in,
    from coverage
    semi join span on published_date between since and last_day
),
counted as (
    select publisher, day, sum(records_in)::bigint as records, day - lag(day) over (partition by publisher order by day) as gap,
    from series
    group by publisher, day
),
calendar as (
    select publisher, unnest(generate_series(min(day), last_day, interval 1 day))::date as day,
    from counted
    cross join span
    group by publisher, last_day
),
daily as (
    select publisher, day, coalesce(records, 0) as records,
    from calendar
    left join counted using (publisher, day)
),
judged as (
    select
        daily.publisher,
        daily.day,
        daily.records,
        quantile_cont(before.records, 0.1) as usual_low,
        quantile_cont(before.records, 0.9) as usual_high,
    from daily
    join span on daily.day >= first_day
    join daily as before on before.publisher = daily.publisher and before.day between daily.day - $window::integer and daily.day - 1
    group by daily.publisher, daily.day, daily.records
    having count(*) * 2 >= $window::integer
),
unusual as (
    select
        case
            when publisher = '' and records = 0 and usual_low > 0 then 'silent day'
            when records between 1 and usual_low / $factor::double and usual_low >= $least::integer then 'drop'
            when records > $factor::double * greatest(usual_high, $least::integer) then 'jump'
        end as alarm,
        *,
        1::bigint as day_count,
    from judged
),
silent as (
    select
        'silent publisher' as alarm,
        publisher,
        max(day) + 1 as day,
        0::bigint as records,
        quantile_cont(records, 0.1) as usual_low,
        quantile_cont(records, 0.9) as usual_high,
        last_day - max(day) as day_count,
    from counted
    cross join span
    where publisher <> ''
    group by publisher, last_day
    -- Of one that came five times, it is known how often it comes.
    having count(*) >= 5 and day_count > $factor::double * max(gap)
)
select alarm, nullif(publisher, '') as publisher_name, day, day_count, records, usual_low, usual_high,
from (from unusual union all by name from silent)
where alarm is not null
order by day desc, alarm, publisher_name nulls first
