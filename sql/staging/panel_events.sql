-- grain: an actual event in a covered span, once for each panel row that counts it
-- why: an event whose month is unknown ('in 2018') belongs to no month; what did not happen belongs to no panel
-- made: by event_id of scope.events
with dated as (
    select
        event_id,
        date_trunc('month', event_date)::date as month,
        event_type,
        quad_class,
        mention_count,
        intensity,
        goldstein_score,
        unnest([
            {panel: 'dyad', subject: if(target_country is null, null, source_country), other: target_country},
            {panel: 'country', subject: source_country, other: 'source'},
            {panel: 'country', subject: target_country, other: 'target'},
            {panel: 'country', subject: place_country, other: 'place'},
            {panel: 'actor', subject: source_actor_id, other: 'source'},
            {panel: 'actor', subject: target_actor_id, other: 'target'}
        ]) as row,
    from events
    semi join scope.events using (event_id)
    where status = 'actual' and date_trunc('month', event_date) = date_trunc('month', event_date_end)
)
select event_id, row.panel, row.subject, row.other, month, event_type, quad_class, mention_count, intensity, goldstein_score,
from dated
where row.subject is not null
