-- grain: a mention that means an event which its own article dates more finely
-- why: 'the attack' three sentences on is the attack; what an article tells of one event need not be guessed from others
-- made: by article_id of scope.coded
with keys as (
    select *, list_position(['day', 'span', 'long', 'assumed', 'loose'], tier) as rank,
    from staging.mention_keys
    semi join scope.coded using (article_id)
),
pairs as (
    select
        vague.article_id,
        vague.mention_id,
        vague.tier,
        fine.mention_id as via,
        fine.rank,
        fine.first_day,
        least(len(vague.source), len(fine.source)) + least(len(vague.target), len(fine.target))
        + least(len(vague.place), len(fine.place)) + least(len(vague.deed), len(fine.deed)) as shared,
        coalesce(abs(fine.last_day - vague.first_day), 0) as distance,
    from keys as vague
    join keys as fine
        on fine.article_id = vague.article_id
        and fine.block = vague.block
        and fine.rank < vague.rank
    where
        vague.source[1:len(fine.source)] = fine.source[1:len(vague.source)]
        and vague.target[1:len(fine.target)] = fine.target[1:len(vague.target)]
        and vague.place[1:len(fine.place)] = fine.place[1:len(vague.place)]
        and vague.deed[1:len(fine.deed)] = fine.deed[1:len(vague.deed)]
        and case
            when vague.tier = 'loose' then true
            -- A news cycle back; a plan may lie a year ahead.
            when vague.tier = 'assumed' and vague.status_class = 'future'
                then fine.first_day <= vague.first_day + 366 and fine.last_day >= vague.first_day
            when vague.tier = 'assumed' then fine.first_day <= vague.first_day and fine.last_day >= vague.first_day - 7
            else fine.first_day <= vague.last_day and fine.last_day >= vague.first_day
        end
),
best as (
    select
        article_id,
        mention_id,
        arg_min(via, (-shared, rank, distance, via)) as via,
        arg_min(rank, (-shared, rank, distance, via)) as rank,
        min(first_day) <> max(first_day) as fits_several,
    from pairs
    -- Of equally good days within a vague span none can be told to be the one that is meant.
    where tier in ('assumed', 'loose')
    group by article_id, mention_id
    union all
    select article_id, mention_id, min(via), min(rank), min(first_day) <> max(first_day) as fits_several,
    from (
        select *,
        from pairs
        where tier in ('span', 'long')
        qualify (-shared, rank) = min((-shared, rank)) over (partition by mention_id)
    )
    group by article_id, mention_id
    having not fits_several
),
chains as (
    with recursive steps as (
        select article_id, mention_id, via,
        from best
        union all
        select steps.article_id, steps.mention_id, best.via,
        from steps
        join best on best.mention_id = steps.via
    )
    select *,
    from steps
)
select article_id, mention_id, via,
from chains
anti join best on best.mention_id = chains.via
