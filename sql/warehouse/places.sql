-- grain: a place that some event names
-- why: a gazetteer in full is no news; these are the places that the mentions resolve to
-- made: by place_id of scope.places
select
    place_id,
    min(place_name) as place_name,
    try_cast(if(starts_with(place_id, 'geonames:'), split_part(place_id, ':', 2), null) as bigint) as geonames_id,
    min(admin1) as admin1,
    min(place_country) as place_country,
    min(latitude) as latitude,
    min(longitude) as longitude,
    min(place_precision) as place_precision,
from staging.mentions
semi join scope.places using (place_id)
group by place_id
