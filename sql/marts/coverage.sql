-- grain: publisher x day; null publisher or day where the record names none
-- why: a silent outlet must not look like a quiet world; every record is counted under exactly one outcome
-- made: by published_date of scope.days
with outcomes as (
    select
        records.publisher_name,
        records.published_at::date as published_date,
        split_part(locator, '!', 1) as file,
        case when reject_id is not null then 'rejected' when is_repeat then 'duplicate' else outcome end as outcome,
    from records
    semi join scope.days on days.published_date is not distinct from records.published_at::date
    left join articles using (article_id)
)
select
    publisher_name,
    published_date,
    null::integer as files_expected,
    count(distinct file)::integer as files_seen,
    count(*)::integer as records_in,
    (count(*) filter (outcome = 'coded'))::integer as coded,
    (count(*) filter (outcome = 'without_event'))::integer as without_event,
    (count(*) filter (outcome = 'duplicate'))::integer as duplicate,
    (count(*) filter (outcome = 'rejected'))::integer as rejected,
from outcomes
group by publisher_name, published_date
