import * as Plot from "@observablehq/plot";
import { useMemo } from "preact/hooks";
import { Drawing, Panel, whenClicked } from "./chart.tsx";
import type { Events } from "./events.ts";
import type { Filter } from "./filters.ts";
import { number } from "./words.ts";

const COUNTRIES = 14;

interface Dyad {
  source: string;
  target: string;
  count: number;
  intensity: number;
}

export function Dyads(props: { events: Events; rows: Uint32Array; change: (filter: Partial<Filter>) => void }) {
  const all = useMemo(() => dyadsOf(props.events, props.rows), [props.rows]);
  const shown = useMemo(() => busiest(all), [all]);
  const table = () => ({ head: ["source_country", "target_country", "events", "mean_intensity"], rows: all.map((dyad) => [dyad.source, dyad.target, dyad.count, Math.round(dyad.intensity * 100) / 100]) });
  return (
    <Panel title="Who to whom" note="Mean intensity between the busiest countries, blue for cooperation, red for conflict; the number is that of events." file="dyads" table={table}>
      <Drawing label="Dyads by mean intensity" of={[shown]} draw={(width) => draw(shown, width, props.change)} />
    </Panel>
  );
}

function dyadsOf(events: Events, rows: Uint32Array): Dyad[] {
  const { source_country: sources, target_country: targets } = events.text;
  const texts = events.list("source_country").texts;
  const found = new Map<number, { count: number; sum: number }>();
  for (const row of rows) {
    const [source, target] = [sources[row]!, targets[row]!];
    if (!source || !target) continue;
    const key = source * 65_536 + target;
    const known = found.get(key);
    const intensity = events.number.intensity[row]!;
    if (known) [known.count, known.sum] = [known.count + 1, known.sum + intensity];
    else found.set(key, { count: 1, sum: intensity });
  }
  const dyads = [...found].map(([key, { count, sum }]) => ({ source: texts[key >>> 16]!, target: texts[key & 65_535]!, count, intensity: sum / count }));
  return dyads.sort((one, other) => other.count - one.count || (one.source + one.target < other.source + other.target ? -1 : 1));
}

function busiest(dyads: Dyad[]): Dyad[] {
  const counts = new Map<string, number>();
  for (const { source, target, count } of dyads) {
    counts.set(source, (counts.get(source) ?? 0) + count);
    counts.set(target, (counts.get(target) ?? 0) + count);
  }
  const most = new Set([...counts].sort((one, other) => other[1] - one[1]).slice(0, COUNTRIES).map(([country]) => country));
  return dyads.filter(({ source, target }) => most.has(source) && most.has(target));
}

function draw(dyads: Dyad[], width: number, change: (filter: Partial<Filter>) => void): Element {
  const plot = Plot.plot({
    width, height: Math.min(width, 480), className: "plot", marginLeft: 45, marginTop: 40, padding: 0.05,
    x: { axis: "top", label: "target", tickRotate: width < 430 ? -90 : 0 }, y: { label: "source" },
    color: { type: "diverging", scheme: "RdBu", domain: [-10, 10], pivot: 0 },
    marks: [
      Plot.cell(dyads, { x: "target", y: "source", fill: "intensity", className: "dyads", title: (dyad: Dyad) => `${dyad.source} to ${dyad.target}: ${number(dyad.count)}, mean intensity ${dyad.intensity.toFixed(1)}` }),
      Plot.text(dyads, { x: "target", y: "source", text: (dyad: Dyad) => String(dyad.count), className: "on-cell", pointerEvents: "none", fill: (dyad: Dyad) => (Math.abs(dyad.intensity) > 5.5 ? "white" : "black") }),
    ],
  });
  whenClicked(plot, "dyads", dyads, ({ source, target }) => change({ source, target }));
  return plot;
}
