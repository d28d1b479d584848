import { useEffect, useMemo, useState } from "preact/hooks";
import { Panel } from "./chart.tsx";
import { type Cell } from "./csv.ts";
import { type Events, UNKNOWN_DAY } from "./events.ts";
import { dayText } from "./filters.ts";
import { QUADS, number, percent } from "./words.ts";

const PAGE = 25;
const CSV_ROWS = 100_000;
const ORDERS = {
  "newest first": (events: Events, row: number) => -dayOf(events, row),
  "oldest first": dayOf,
  "most reported first": (events: Events, row: number) => -events.number.article_count[row]!,
  "surest first": (events: Events, row: number) => -events.number.confidence[row]!,
  "most hostile first": (events: Events, row: number) => events.number.intensity[row]!,
};
/** What has no date comes last in either order. */
function dayOf(events: Events, row: number): number {
  const day = events.day.event_date[row]!;
  return day === UNKNOWN_DAY ? NaN : day;
}
type Order = keyof typeof ORDERS;

export function EventList(props: { events: Events; rows: Uint32Array }) {
  const { events, rows } = props;
  const [order, setOrder] = useState<Order>("newest first");
  const [page, setPage] = useState(0);
  const sorted = useMemo(() => sort(events, rows, ORDERS[order]), [rows, order]);
  useEffect(() => setPage(0), [sorted]);
  const shown = sorted.subarray(page * PAGE, (page + 1) * PAGE);
  const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
  const note = rows.length > CSV_ROWS ? `CSV holds the first ${number(CSV_ROWS)}; more are what exports are for.` : undefined;
  return (
    <Panel wide title="Events" file="events" note={note} table={() => ({ head: Object.keys(TABLE), rows: Array.from(sorted.subarray(0, CSV_ROWS), (row) => Object.values(TABLE).map((value) => value(events, row))) })}>
      <div class="choice">
        <label>Order <select value={order} onChange={(event) => setOrder(event.currentTarget.value as Order)}>{Object.keys(ORDERS).map((each) => <option key={each}>{each}</option>)}</select></label>
        <span class="pages">
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>Previous page</button>
          <span aria-live="polite">{rows.length ? `${number(page * PAGE + 1)}–${number(page * PAGE + shown.length)} of ${number(rows.length)}` : "none"}</span>
          <button type="button" disabled={page >= last} onClick={() => setPage(page + 1)}>Next page</button>
        </span>
      </div>
      <div class="scroll" role="region" tabIndex={0} aria-label="Events">
        <table class="events">
          <thead><tr>{["Date", "Source", "Type", "Target", "Place", "Status", "Reports", "Confidence"].map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
          <tbody>{Array.from(shown, (row) => <Line key={row} events={events} row={row} />)}</tbody>
        </table>
      </div>
    </Panel>
  );
}

function Line({ events, row }: { events: Events; row: number }) {
  const [id, setId] = useState<string>();
  useEffect(() => void events.idOf(row).then(setId), [row]);
  const mode = events.value("mode", row);
  return (
    <tr>
      <th scope="row"><a href={id && `#/event/${id}`}>{dayText(events.day.event_date[row]!) || "no date"}</a></th>
      <td><bdi>{events.value("source_name", row)}</bdi></td>
      <td><i class={`quad-${QUADS.findIndex((quad) => quad === events.value("quad_class", row))}`} />{events.value("event_type", row)}{mode && <small>{mode}</small>}</td>
      <td><bdi>{events.value("target_name", row)}</bdi></td>
      <td><bdi>{events.value("place_name", row)}</bdi></td>
      <td>{events.value("status", row)}</td>
      <td class="figure">{number(events.number.article_count[row]!)}</td>
      <td class="figure">{percent(events.number.confidence[row]!)}</td>
    </tr>
  );
}

const TABLE: Record<string, (events: Events, row: number) => Cell> = {
  event_date: (events, row) => dayText(events.day.event_date[row]!),
  event_date_end: (events, row) => dayText(events.day.event_date_end[row]!),
  ...Object.fromEntries(
    (["date_precision", "source_actor", "source_name", "source_country", "event_type", "mode", "quad_class", "target_actor", "target_name", "target_country", "place_name", "place_country", "status"] as const)
      .map((name) => [name, (events: Events, row: number) => events.value(name, row)]),
  ),
  ...Object.fromEntries(
    (["intensity", "goldstein_score", "mention_count", "article_count", "publisher_count", "confidence"] as const)
      .map((name) => [name, (events: Events, row: number) => Number(events.number[name][row]!.toPrecision(6))]),
  ),
};

const PLACES = 2 ** 22;
const FURTHEST = 2_000_000; // thousandths of it, times PLACES, are whole numbers still

/** Rows by a figure, to its thousandth; equal ones in the order in which they lie. */
function sort(events: Events, rows: Uint32Array, figure: (events: Events, row: number) => number): Uint32Array {
  // One number of both, as numbers alone are sorted ten times as fast.
  const keys = Float64Array.from(rows, (row, place) => {
    const value = figure(events, row);
    return Math.round(1000 * (Number.isNaN(value) ? FURTHEST : Math.max(-FURTHEST, Math.min(FURTHEST, value)))) * PLACES + place;
  }).sort();
  return Uint32Array.from(keys, (key) => rows[key - Math.floor(key / PLACES) * PLACES]!);
}
