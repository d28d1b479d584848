-- grain: a month of a dyad, counted as dyad_month counts, for events of any status
-- why: what was threatened or promised month by month, beside what was done; zero where covered, null where not
-- use: from dyad_months('RUS', 'UKR', statuses := ['future', 'conditional'])
create or replace macro dyad_months(source, target, statuses := ['actual']) as table
with counts as (
    select
        date_trunc('month', event_date)::date as month,
        count(*) as event_count,
        sum(mention_count)::bigint as mention_count,
        count(*) filter (quad_class = 'verbal cooperation') as verbal_cooperation_events,
        coalesce(sum(mention_count) filter (quad_class = 'verbal cooperation'), 0)::bigint as verbal_cooperation_mentions,
        count(*) filter (quad_class = 'material cooperation') as material_cooperation_events,
        coalesce(sum(mention_count) filter (quad_class = 'material cooperation'), 0)::bigint as material_cooperation_mentions,
        count(*) filter (quad_class = 'verbal conflict') as verbal_conflict_events,
        coalesce(sum(mention_count) filter (quad_class = 'verbal conflict'), 0)::bigint as verbal_conflict_mentions,
        count(*) filter (quad_class = 'material conflict') as material_conflict_events,
        coalesce(sum(mention_count) filter (quad_class = 'material conflict'), 0)::bigint as material_conflict_mentions,
        -- Decimals add up alike in any order; doubles do not.
        sum(intensity::decimal(9, 4)) as intensity_total,
        sum(goldstein_score::decimal(9, 4)) as goldstein_total,
    from events
    where
        source_country = source
        and target_country = target
        and list_contains(statuses, status)
        and date_trunc('month', event_date) = date_trunc('month', event_date_end)
    group by all
)
select
    source as source_country,
    target as target_country,
    month,
    covered_days,
    if(covered_days > 0, coalesce(event_count, 0), null) as event_count,
    if(covered_days > 0, coalesce(mention_count, 0), null) as mention_count,
    if(covered_days > 0, coalesce(verbal_cooperation_events, 0), null) as verbal_cooperation_events,
    if(covered_days > 0, coalesce(verbal_cooperation_mentions, 0), null) as verbal_cooperation_mentions,
    if(covered_days > 0, coalesce(material_cooperation_events, 0), null) as material_cooperation_events,
    if(covered_days > 0, coalesce(material_cooperation_mentions, 0), null) as material_cooperation_mentions,
    if(covered_days > 0, coalesce(verbal_conflict_events, 0), null) as verbal_conflict_events,
    if(covered_days > 0, coalesce(verbal_conflict_mentions, 0), null) as verbal_conflict_mentions,
    if(covered_days > 0, coalesce(material_conflict_events, 0), null) as material_conflict_events,
    if(covered_days > 0, coalesce(material_conflict_mentions, 0), null) as material_conflict_mentions,
    if(covered_days > 0, coalesce(intensity_total, 0), null)::double as intensity_sum,
    if(covered_days > 0, intensity_total::double / event_count, null) as intensity_mean,
    if(covered_days > 0, coalesce(goldstein_total, 0), null)::double as goldstein_sum,
    if(covered_days > 0, goldstein_total::double / event_count, null) as goldstein_mean,
from covered_months
left join counts using (month)
where regexp_full_match(source, '[A-Z]{3}') and regexp_full_match(target, '[A-Z]{3}')
order by month
