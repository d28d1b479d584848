-- grain: an article x an actor that seeds do not list, as the article names it
-- why: what an unlisted actor is called, and what it is, is decided by all that name it
-- made: by article_id of scope.articles
with seen as (
    select article_id, actor_id, actor_name, kind, country, sectors,
    from actor_mentions
    semi join scope.articles using (article_id)
    union all
    select article_id, source_actor_id, source_name, null, source_country, source_sectors,
    from staging.mentions
    semi join scope.articles using (article_id)
    union all
    select article_id, target_actor_id, target_name, null, target_country, target_sectors,
    from staging.mentions
    semi join scope.articles using (article_id)
)
select article_id, actor_id, actor_name, kind, country, sectors, count(*) as seen_count,
from seen
anti join raw.actors using (actor_id)
where actor_id is not null
group by all
