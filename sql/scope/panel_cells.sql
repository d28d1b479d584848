-- grain: a row of a panel (subject x month) that may have changed
-- why: an event of it changed, the subject is new or gone, or the coverage of the month changed
with subjects as (
    select panel, subject, other, first_month, last_month,
    from before.panel_subjects
    union
    select panel, subject, other, first_month, last_month,
    from after.panel_subjects
),
changed as (
    select month,
    from before.months
    union
    select month,
    from after.months
),
spine as (
    select month,
    from staging.months
    union
    select month,
    from changed
)
select panel, subject, other, month,
from scope.panel_counts
union
select panel, subject, other, month,
from subjects
join spine on month between coalesce(first_month, month) and coalesce(last_month, month)
union
select panel, subject, other, month,
from staging.panel_subjects
join changed on month between coalesce(first_month, month) and coalesce(last_month, month)
