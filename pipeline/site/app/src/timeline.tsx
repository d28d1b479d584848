import * as Plot from "@observablehq/plot";
import { brushX } from "d3-brush";
import { select } from "d3-selection";
import { useMemo } from "preact/hooks";
import { Drawing, Panel } from "./chart.tsx";
import { type Events, UNKNOWN_DAY } from "./events.ts";
import { type Filter, dayText } from "./filters.ts";
import { QUADS, QUAD_COLORS, number } from "./words.ts";

type Unit = "day" | "month" | "year";

interface Bin {
  since: string;
  quad: string;
  count: number;
}

const DAYS_OF_DAYS = 120;
const DAYS_OF_MONTHS = 366 * 20;

export function Timeline(props: { events: Events; rows: Uint32Array; change: (filter: Partial<Filter>) => void }) {
  const { events, rows } = props;
  const { bins, unit, undated } = useMemo(() => count(events, rows), [rows]);
  const note = `Events a ${unit}, by quad class. Drag over the bars to choose a period.${undated ? ` ${number(undated)} without a date are left out.` : ""}`;
  return (
    <Panel wide title="When" note={note} file="timeline" table={() => ({ head: [unit, "quad_class", "events"], rows: bins.map((bin) => [bin.since, bin.quad, bin.count]) })}>
      <ul class="legend">{QUADS.map((quad, index) => <li key={quad}><i class={`quad-${index}`} />{quad}</li>)}</ul>
      <Drawing label={`Events a ${unit} by quad class`} of={[bins]} draw={(width) => draw(bins, unit, width, props.change)} />
    </Panel>
  );
}

/** Whole units from the first to the last that has events. */
function count(events: Events, rows: Uint32Array): { bins: Bin[]; unit: Unit; undated: number } {
  const days = events.day.event_date;
  let [first, last, undated] = [Infinity, -Infinity, 0];
  for (const row of rows) {
    const day = days[row]!;
    if (day === UNKNOWN_DAY) undated++;
    else [first, last] = [Math.min(first, day), Math.max(last, day)];
  }
  const unit = last - first <= DAYS_OF_DAYS ? "day" : last - first <= DAYS_OF_MONTHS ? "month" : "year";
  const quads = events.text.quad_class;
  const names = events.list("quad_class").texts;
  const starts = new Map<number, string>();
  const counts = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const day = days[row]!;
    if (day === UNKNOWN_DAY) continue;
    let since = starts.get(day);
    if (since === undefined) starts.set(day, (since = startOf(day, unit)));
    let bin = counts.get(since);
    if (!bin) counts.set(since, (bin = new Map()));
    const quad = names[quads[row]!]!;
    bin.set(quad, (bin.get(quad) ?? 0) + 1);
  }
  const bins = [...counts].sort().flatMap(([since, bin]) => QUADS.filter((quad) => bin.has(quad)).map((quad) => ({ since, quad, count: bin.get(quad)! })));
  return { bins, unit, undated };
}

function startOf(day: number, unit: Unit): string {
  const text = dayText(day);
  return unit === "day" ? text : unit === "month" ? `${text.slice(0, 7)}-01` : `${text.slice(0, 4)}-01-01`;
}

function draw(bins: Bin[], unit: Unit, width: number, change: (filter: Partial<Filter>) => void): Element {
  const plot = Plot.plot({
    width, height: 220, className: "plot", marginLeft: 45,
    x: { type: "utc", label: null }, y: { grid: true, label: null, tickFormat: "~s" },
    color: { domain: [...QUADS], range: QUADS.map((quad) => QUAD_COLORS[quad]!) },
    marks: [
      Plot.rectY(bins, { x: (bin: Bin) => new Date(bin.since), y: "count", fill: "quad", interval: unit, order: [...QUADS], title: (bin: Bin) => `${bin.since.slice(0, unit === "day" ? 10 : unit === "month" ? 7 : 4)}: ${number(bin.count)} ${bin.quad}`, insetLeft: 0.5, insetRight: 0 }),
      Plot.ruleY([0]),
    ],
  });
  const x = plot.scale("x");
  if (!bins.length || !x?.invert) return plot;
  const brush = brushX<unknown>().extent([[45, 20], [width - 20, 190]]).on("end", ({ selection, sourceEvent }) => {
    if (!selection || !sourceEvent) return;
    const [since, until] = (selection as [number, number]).map((at) => (x.invert!(at) as Date).toISOString().slice(0, 10));
    change({ since, until });
  });
  // Below the bars, so that their titles show; a drag may begin anywhere but on one.
  select(plot as Element).insert("g", "g").attr("class", "brush").call(brush as never);
  return plot;
}
