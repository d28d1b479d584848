import { useEffect, useState } from "preact/hooks";
import { csv, save } from "./csv.ts";
import { type Release, type Row, type Value, fileOf, loadRows } from "./data.ts";
import { Marked, RoleLegend } from "./highlight.tsx";
import { intensityInWords, madeByInWords, moment, percent, plural } from "./words.ts";

const MEASURES = ["killed", "injured", "detained", "displaced", "participants", "money"];

export function EventPage({ id, release }: { id: string; release: Release }) {
  const [found, setFound] = useState<{ event?: Row; reports: Row[] }>();
  useEffect(() => {
    setFound(undefined);
    void loadRows(fileOf("events", id, release)).then(({ events = [], reports = [] }) =>
      setFound({ event: events.find((row) => row.event_id === id), reports: reports.filter((row) => row.event_id === id) }));
  }, [id]);
  if (!found) return <p class="note" role="status">Loading…</p>;
  const { event, reports } = found;
  if (!event) return <p role="alert">Release {release.release_number} holds no event {id}. It may have been withdrawn or joined to another.</p>;
  return (
    <article class="single">
      <p class="kicker">Event <code>{id}</code></p>
      <h1><bdi>{event.source_name ?? "Someone"}</bdi> <span class="arrow" aria-label="does">→</span> {event.event_type}{event.mode && ` (${event.mode})`} <span class="arrow" aria-label="to">→</span> <bdi>{event.target_name ?? "no one named"}</bdi></h1>
      <p class="lead">{lead(event)}</p>
      <div class="fields">{FIELDS.map(([name, value]) => <Field key={name} name={name} value={value(event)} />)}</div>
      <header class="row">
        <h2>{plural(reports.length, "sentence")} in {plural(Number(event.article_count ?? 0), "article")}</h2>
        <SaveRows name={`event-${id}`} rows={reports} />
      </header>
      <RoleLegend />
      <ol class="reports">{reports.map((report) => <Report key={String(report.mention_id)} report={report} />)}</ol>
    </article>
  );
}

function Report({ report }: { report: Row }) {
  const read = [
    report.status !== "actual" && `${report.status}${report.status_cue ? `, from “${report.status_cue}”` : ""}`,
    report.event_date && `dated ${report.event_date}${report.date_basis ? ` by the ${report.date_basis}` : ""}`,
    report.place_name && `placed in ${report.place_name}${report.place_basis ? ` by the ${report.place_basis}` : ""}`,
    ...MEASURES.filter((measure) => report[`${measure}_text`]).map((measure) => `${measure}: “${report[`${measure}_text`]}”`),
  ].filter(Boolean);
  return (
    <li data-mention={report.mention_id}>
      <blockquote><Marked text={String(report.sentence_text ?? "")} start={Number(report.sentence_start ?? 0)} mentions={[report]} /></blockquote>
      <p class="from"><a href={`#/article/${report.article_id}/${report.mention_id}`}><bdi>{report.title || "Untitled"}</bdi></a> <span><bdi>{report.publisher_name ?? "publisher unknown"}</bdi>{report.published_at && `, ${moment(report.published_at)}`}</span></p>
      <p class="made">{madeByInWords(String(report.made_by ?? ""))}; confidence {percent(Number(report.confidence ?? 0))}{read.length > 0 && `; ${read.join("; ")}`}</p>
    </li>
  );
}

function lead(event: Row): string {
  const when = event.event_date === event.event_date_end || !event.event_date_end ? event.event_date : `${event.event_date} to ${event.event_date_end}`;
  const parts = [event.status === "actual" ? "It happened" : `Told as ${event.status}`, when ? `on ${when}` : "on an unknown day", event.place_name ? `in ${event.place_name}` : "at a place not told"];
  return `${parts.join(" ")}; ${intensityInWords(Number(event.intensity ?? 0))}.`;
}

const FIELDS: [string, (event: Row) => Value][] = [
  ["Status", (event) => event.status ?? null],
  ["Date", (event) => event.event_date ?? null],
  ["Date precision", (event) => event.date_precision ?? null],
  ["Quad class", (event) => event.quad_class ?? null],
  ["Intensity", (event) => event.intensity === null ? null : `${event.intensity} (${intensityInWords(Number(event.intensity))})`],
  ["Goldstein score", (event) => event.goldstein_score ?? null],
  ["CAMEO code", (event) => event.cameo_code ?? null],
  ["Contexts", (event) => event.contexts || null],
  ["Source", (event) => party(event, "source")],
  ["Target", (event) => party(event, "target")],
  ["Place", (event) => [event.place_name, event.admin1, event.place_country].filter(Boolean).join(", ") || null],
  ["Place precision", (event) => event.place_precision ?? null],
  ...MEASURES.map((measure): [string, (event: Row) => Value] => [measure[0]!.toUpperCase() + measure.slice(1), (event) => figure(event, measure)]),
  ["Publishers", (event) => event.publisher_count ?? null],
  ["First reported", (event) => event.first_reported_at ?? null],
  ["Confidence", (event) => percent(Number(event.confidence ?? 0))],
  ["Since release", (event) => event.valid_from_release ?? null],
  ["Coder", (event) => event.coder_version ?? null],
];

function party(event: Row, role: "source" | "target"): Value {
  return [event[`${role}_name`], event[`${role}_country`], event[`${role}_sector`]].filter(Boolean).join(", ") || null;
}

function figure(event: Row, measure: string): Value {
  const [best, low, high] = [event[measure], event[`${measure}_low`], event[`${measure}_high`]];
  if (best === null || best === undefined) return null;
  const currency = measure === "money" && event.money_currency ? ` ${event.money_currency}` : "";
  return low === high ? `${best}${currency}` : `${best}${currency} (${low} to ${high})`;
}

export function SaveRows({ name, rows }: { name: string; rows: Row[] }) {
  const download = () => save(`${name}.csv`, csv(Object.keys(rows[0] ?? {}), rows.map((row) => Object.values(row))));
  return <button type="button" class="quiet" onClick={download}>CSV</button>;
}

export function Field({ name, value }: { name: string; value: Value }) {
  if (value === null) return null;
  return <dl><dt>{name}</dt><dd><bdi>{value}</bdi></dd></dl>;
}
