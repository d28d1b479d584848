-- grain: an actual event in a covered span, once for each panel row that counts it
-- why: an event whose month is unknown ('in 2018') belongs to no month; what did not happen belongs to no panel
-- made: by event_id of scope.events
with dated as (
    select *, date_trunc('month', event_date)::date as month,
    from events
    semi join scope.events using (event_id)
    where status = 'actual' and date_trunc('month', event_date) = date_trunc('month', event_date_end)
),
rows as (
    select 'dyad' as panel, source_country as subject, target_country as other, dated.*,
    from dated
    where target_country is not null
    union all
    select 'country' as panel, source_country as subject, 'source' as other, dated.*,
    from dated
    union all
    select 'country' as panel, target_country as subject, 'target' as other, dated.*,
    from dated
    union all
    select 'country' as panel, place_country as subject, 'place' as other, dated.*,
    from dated
    union all
    select 'actor' as panel, source_actor_id as subject, 'source' as other, dated.*,
    from dated
    union all
    select 'actor' as panel, target_actor_id as subject, 'target' as other, dated.*,
    from dated
)
select event_id, panel, subject, other, month, event_type, quad_class, mention_count, intensity, goldstein_score,
from rows
where subject is not null
