-- grain: an article
-- why: the head and the text of an article's page; a file of the explorer holds the articles whose ids begin alike
select substr(article_id, 1, $depth) as file, articles.* exclude (content_hash), publisher_name,
from articles
left join publishers using (publisher_id)
