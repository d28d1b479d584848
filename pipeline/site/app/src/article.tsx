import { useEffect, useState } from "preact/hooks";
import { type Release, type Row, fileOf, loadRows } from "./data.ts";
import { Field, SaveRows } from "./event.tsx";
import { Marked, RoleLegend } from "./highlight.tsx";
import { moment, plural } from "./words.ts";

export function ArticlePage({ id, chosen, release }: { id: string; chosen?: string; release: Release }) {
  const [found, setFound] = useState<{ article?: Row; mentions: Row[] }>();
  useEffect(() => {
    setFound(undefined);
    void loadRows(fileOf("articles", id, release)).then(({ articles = [], mentions = [] }) =>
      setFound({ article: articles.find((row) => row.article_id === id), mentions: mentions.filter((row) => row.article_id === id).sort((one, other) => Number(one.trigger_start) - Number(other.trigger_start)) }));
  }, [id]);
  useEffect(() => document.getElementById(`mention-${chosen}`)?.scrollIntoView({ block: "center" }), [found, chosen]);
  if (!found) return <p class="note" role="status">Loading…</p>;
  const { article, mentions } = found;
  if (!article) return <p role="alert">Release {release.release_number} holds no article {id}.</p>;
  return (
    <article class="single">
      <p class="kicker">Article <code>{id}</code></p>
      <h1><bdi>{article.title || "Untitled"}</bdi></h1>
      <p class="lead"><bdi>{article.publisher_name ?? "Publisher unknown"}</bdi>{article.published_at && `, ${moment(article.published_at)}`}; {String(article.outcome).replace("_", " ")}</p>
      <div class="fields">
        <Field name="Address" value={article.url ?? null} />
        <Field name="Language" value={article.language ?? null} />
        <Field name="Dateline" value={article.dateline ?? null} />
        <Field name="Date from" value={article.published_basis ?? null} />
        <Field name="Coder" value={article.coder_version ?? null} />
      </div>
      {article.duplicate_of && <p>It repeats <a href={`#/article/${article.duplicate_of}`}>another article</a>, whose events it is counted as a report of.</p>}
      {article.replaced_by && <p>A <a href={`#/article/${article.replaced_by}`}>later version</a> took its place.</p>}
      <header class="row">
        <h2>{plural(mentions.length, "event mention")}</h2>
        <SaveRows name={`article-${id}`} rows={mentions} />
      </header>
      {mentions.length > 0 && <RoleLegend />}
      <div class="reading">
        <div class="text">{article.text ? <Marked text={String(article.text)} start={0} mentions={mentions} chosen={chosen} /> : <p class="note">The text is not kept any more.</p>}</div>
        <ol class="mentions">
          {mentions.map((mention) => (
            <li key={String(mention.mention_id)} class={mention.mention_id === chosen ? "chosen" : ""}>
              <a href={`#/event/${mention.event_id}`}><bdi>{mention.source_name ?? "someone"}</bdi> → {mention.event_type} → <bdi>{mention.target_name ?? "no one named"}</bdi></a>
              <small>{[mention.status !== "actual" && mention.status, mention.event_date, mention.place_name].filter(Boolean).join(", ")} <a href={`#/article/${id}/${mention.mention_id}`}>in the text</a></small>
            </li>
          ))}
        </ol>
      </div>
    </article>
  );
}
