-- grain: a country or territory
-- why: codes are for joining, names for reading; what an actor of kind country is called is said once
select country, min(actor_name) as country_name,
from actors
where kind = 'country' and country is not null
group by country
