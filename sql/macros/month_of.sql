-- grain: a month of a country, its three readings (source, target, place) side by side
-- why: what a country does, what is done to it and what happens in it, in one row to compare
-- use: from month_of('UKR')
create or replace macro month_of(iso3) as table
with spine as (
    -- A country without any event in a reading has no row there: that is none where covered, and unknown where not.
    select month, covered_days, if(covered_days > 0, 0, null) as quiet,
    from covered_months
    where regexp_full_match(iso3, '[A-Z]{3}')
),
readings as (
    select *,
    from country_month
    where country_month.country = iso3
)
select
    iso3 as country,
    spine.month,
    spine.covered_days,
    coalesce(as_source.event_count, quiet) as source_events,
    coalesce(as_source.mention_count, quiet) as source_mentions,
    coalesce(as_source.verbal_cooperation_events, quiet) as source_verbal_cooperation_events,
    coalesce(as_source.material_cooperation_events, quiet) as source_material_cooperation_events,
    coalesce(as_source.verbal_conflict_events, quiet) as source_verbal_conflict_events,
    coalesce(as_source.material_conflict_events, quiet) as source_material_conflict_events,
    as_source.intensity_mean as source_intensity_mean,
    as_source.goldstein_mean as source_goldstein_mean,
    coalesce(as_target.event_count, quiet) as target_events,
    coalesce(as_target.mention_count, quiet) as target_mentions,
    coalesce(as_target.verbal_cooperation_events, quiet) as target_verbal_cooperation_events,
    coalesce(as_target.material_cooperation_events, quiet) as target_material_cooperation_events,
    coalesce(as_target.verbal_conflict_events, quiet) as target_verbal_conflict_events,
    coalesce(as_target.material_conflict_events, quiet) as target_material_conflict_events,
    as_target.intensity_mean as target_intensity_mean,
    as_target.goldstein_mean as target_goldstein_mean,
    coalesce(as_place.event_count, quiet) as place_events,
    coalesce(as_place.mention_count, quiet) as place_mentions,
    coalesce(as_place.verbal_cooperation_events, quiet) as place_verbal_cooperation_events,
    coalesce(as_place.material_cooperation_events, quiet) as place_material_cooperation_events,
    coalesce(as_place.verbal_conflict_events, quiet) as place_verbal_conflict_events,
    coalesce(as_place.material_conflict_events, quiet) as place_material_conflict_events,
    as_place.intensity_mean as place_intensity_mean,
    as_place.goldstein_mean as place_goldstein_mean,
from spine
left join readings as as_source on as_source.month = spine.month and as_source.reading = 'source'
left join readings as as_target on as_target.month = spine.month and as_target.reading = 'target'
left join readings as as_place on as_place.month = spine.month and as_place.reading = 'place'
order by spine.month
