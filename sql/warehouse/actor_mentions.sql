-- grain: a span of an article that refers to an actor
-- why: spans of a text that repeats another would count its actors twice
-- made: view, by article_id of scope.articles
select *,
from raw.actor_mentions
anti join staging.silent using (article_id)
