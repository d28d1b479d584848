-- grain: an article whose mentions are resolved anew
-- why: the article was touched, or it names an actor that is now taken for something else
select article_id,
from scope.articles
union
select article_id,
from staging.mentions
semi join before.known_actors on actor_id = source_actor_id
union
select article_id,
from staging.mentions
semi join before.known_actors on actor_id = target_actor_id
