-- grain: actor x reading (source or target) x month, from the actor's first event to its last
-- why: presidents, ministries and movements over time, apart from their countries
-- made: by actor_id, reading, month of scope.actor_months
with rows as (
    select 'actor' as panel, actor_id as subject, reading as other, month,
    from scope.actor_months
),
counts as (
    select *,
    from staging.panel_counts
    semi join rows using (panel, subject, other, month)
)
select
    subject as actor_id,
    other as reading,
    month,
    covered_days,
    -- Zero where some article was covered, null where none was.
    if(covered_days > 0, coalesce(columns('(event|mention)_count|.*_(events|mentions)'), 0), null),
    if(covered_days > 0, coalesce(intensity_total, 0), null)::double as intensity_sum,
    if(covered_days > 0, intensity_total::double / event_count, null) as intensity_mean,
    if(covered_days > 0, coalesce(goldstein_total, 0), null)::double as goldstein_sum,
    if(covered_days > 0, goldstein_total::double / event_count, null) as goldstein_mean,
from rows
join staging.panel_subjects using (panel, subject, other)
join staging.months using (month)
left join counts using (panel, subject, other, month)
where month between coalesce(first_month, month) and coalesce(last_month, month)
