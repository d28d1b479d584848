-- grain: a value: the name in English of a country, null where its code is unknown
-- why: a code in a result, read by a person
-- use: select country_name('RUS')
create or replace macro country_name(iso3) as
(select countries.country_name from countries where country = iso3)
