-- grain: dyad x month, with the intensity and Goldstein scores of its distinct actual events
-- why: sums grow with attention, means do not; both with their n, so that a mean of two events is not read as one of two hundred
-- parameter: source country default null -- country of the source, ISO 3166-1 alpha-3; all where not given
-- parameter: target country default null -- country of the target
-- parameter: since date default 0001-01-01 -- first day of the first month
-- parameter: until date default 9999-12-31 -- last day
select
    source_country,
    target_country,
    month,
    covered_days,
    event_count,
    intensity_mean,
    intensity_sum,
    goldstein_mean,
    goldstein_sum,
from dyad_month
where
    ($source is null or source_country = $source)
    and ($target is null or target_country = $target)
    and month between $since::date and $until::date
order by source_country, target_country, month
