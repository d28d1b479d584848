-- grain: dyad x month, with distinct actual events by quad class
-- why: the panel that most models of conflict start from; null where no article was published
-- parameter: source country default null -- country of the source, ISO 3166-1 alpha-3; all where not given
-- parameter: target country default null -- country of the target
-- parameter: since date default 0001-01-01 -- first day of the first month
-- parameter: until date default 9999-12-31 -- last day
select
    source_country,
    target_country,
    month,
    covered_days,
    verbal_cooperation_events,
    material_cooperation_events,
    verbal_conflict_events,
    material_conflict_events,
    event_count,
    mention_count,
    intensity_mean,
    goldstein_mean,
from dyad_month
where
    ($source is null or source_country = $source)
    and ($target is null or target_country = $target)
    and month between $since::date and $until::date
order by source_country, target_country, month
