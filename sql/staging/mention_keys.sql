-- grain: an event mention, reduced to what decides which event it reports
-- why: pipeline/warehouse/identity.py compares mentions of one block only, and each of them as paths from coarse to fine
-- made: by article_id of scope.coded
with placed as (
    select
        *,
        -- A dateline tells where a fresh domestic deed was done; of others it tells where the reporter sits.
        place_basis in ('clause', 'sentence') or (
            quad_class in ('material cooperation', 'material conflict')
            and event_date_end >= published_at::date - 2
            and coalesce(source_country, target_country) = coalesce(target_country, source_country)
        ) as has_own_place,
        regexp_replace(lower(sentence_text), '[^a-z0-9]+', ' ', 'g') as words,
    from staging.mentions
    semi join scope.mentions using (mention_id, position)
    semi join scope.coded using (article_id)
    join (select article_id, published_at, from raw.article_records) using (article_id)
),
keys as (
    select
        mention_id,
        article_id,
        event_type,
        case when status in ('actual', 'historical') then 'happened' else status end as status_class,
        sources.levels as source,
        targets.levels as target,
        case
            when not coalesce(has_own_place, false) or place_id is null then []::varchar[]
            when place_country is null then [place_id]
            when place_precision in ('country', 'region') then [place_country]
            when place_precision = 'city' then [place_country, coalesce(admin1, ''), place_id]
            when admin1 is null then [place_country]
            else [place_country, admin1]
        end as place,
        if(deed is null, []::varchar[], [deed]) as deed,
        date_precision is not distinct from 'assumed' as is_assumed,
        -- What happened long ago did not happen on the day of publication.
        if(is_assumed and status = 'historical', null, event_date - date '1970-01-01')::integer as first_day,
        if(is_assumed and status = 'historical', null, event_date_end - date '1970-01-01')::integer as last_day,
        if(length(words) > 40, hash(words), null) as telling,
        place_id,
        coalesce(published_at, timestamp '9999-01-01') as reported_at,
    from placed
    join staging.parties as sources
        on sources.actor_id is not distinct from source_actor_id
        and sources.country is not distinct from source_country
        and sources.sector is not distinct from source_sector
    join staging.parties as targets
        on targets.actor_id is not distinct from target_actor_id
        and targets.country is not distinct from target_country
        and targets.sector is not distinct from target_sector
    left join staging.deeds using (event_type, mode)
),
known as (
    -- A bare '~REB' is any militants of the world.
    select
        *,
        if(starts_with(source[1], '~'), 2, 1) as source_general,
        if(starts_with(target[1], '~'), 2, 1) as target_general,
    from keys
)
select
    known.* exclude (is_assumed, source_general, target_general),
    -- From the finest: 'day', 'span' (up to a month), 'long', 'assumed' (the day of publication), 'loose' (undated, or nobody nowhere).
    case
        when first_day is null or (len(source) < source_general and len(target) < target_general and place = []) then 'loose'
        when is_assumed then 'assumed'
        when first_day = last_day then 'day'
        when last_day - first_day < 31 then 'span'
        else 'long'
    end as tier,
    -- What two mentions of one event share beyond the countries: a place, people, the words.
    list_filter(
        [
            if(len(place) > 1, hash('place', place[1], place[2]), null),
            if(len(source) > source_general, hash('source', source[1:source_general + 1]), null),
            if(len(target) > target_general, hash('target', target[1:target_general + 1]), null),
            telling,
        ],
        lambda name: name is not null
    ) as names,
    -- A protest is the same whether or not the article says against whom, and so is a kidnapping of 'them'.
    hash(event_type, status_class, source[1], if(event_type = 'PROTEST' or deed = ['abduction'], deed[1], target[1])) as block,
from known
