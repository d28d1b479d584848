-- grain: a value: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
-- why: GDELT and ICEWS number the quad classes so
-- use: select quad_code('material conflict')
create or replace macro quad_code(quad_class) as
case quad_class
    when 'verbal cooperation' then 1
    when 'material cooperation' then 2
    when 'verbal conflict' then 3
    when 'material conflict' then 4
end
