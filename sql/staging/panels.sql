-- grain: a panel's subject (dyad, country and reading, actor and reading) x month
-- why: the three panels count alike; zero where some article was published, null where none was
with counts as (
    select
        panel,
        subject,
        other,
        month,
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
    from staging.panel_events
    group by panel, subject, other, month
),
subjects as (
    select panel, subject, other, min(month) as first_month, max(month) as last_month,
    from counts
    group by panel, subject, other
),
rows as (
    -- Actors are many and most are seldom: each is followed from its first to its last event.
    select panel, subject, other, month, covered_days,
    from subjects
    join staging.months
        on panel <> 'actor' or month between first_month and last_month
)
select
    panel,
    subject,
    other,
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
from rows
left join counts using (panel, subject, other, month)
