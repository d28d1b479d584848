-- grain: source country x target country x month
-- why: the usual unit of analysis; a dyad appears once some actual event joins it
-- made: by source_country, target_country, month of scope.dyad_months
with rows as (
    select 'dyad' as panel, source_country as subject, target_country as other, month,
    from scope.dyad_months
),
counts as (
    select *,
    from staging.panel_counts
    semi join rows using (panel, subject, other, month)
)
select
    subject as source_country,
    other as target_country,
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
