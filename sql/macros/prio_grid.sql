-- grain: a value: the number of the PRIO-GRID cell, 1 in the south-west to 259200 in the north-east; null without coordinates
-- why: the unit of conflict models in space; cells are half a degree wide, and pole and date line belong to the last row and column
-- use: select prio_grid(64.15, -21.94)
create or replace macro prio_grid(latitude, longitude) as
if(
    latitude is null or longitude is null,
    null,
    least(floor((latitude + 90) * 2), 359)::integer * 720 + least(floor((longitude + 180) * 2), 719)::integer + 1
)
