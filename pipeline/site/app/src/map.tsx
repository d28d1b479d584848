import * as Plot from "@observablehq/plot";
import type { FeatureCollection } from "geojson";
import { useMemo } from "preact/hooks";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";
import { Drawing, Panel, whenClicked } from "./chart.tsx";
import type { Release } from "./data.ts";
import type { Events } from "./events.ts";
import type { Filter, Reading } from "./filters.ts";
import { number, plural } from "./words.ts";

const atlas = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
const shapes = feature(atlas, atlas.objects.countries) as FeatureCollection<GeoJSON.Geometry, { name: string }>;
/** Without the Antarctic. */
const LANDS = { type: "FeatureCollection", features: shapes.features.filter((shape) => shape.id !== "010") };
const HEIGHT = 520;
const POINTS = new Set(["site", "city", "admin2", "admin1"]);

interface Point {
  name: string;
  precision: string;
  latitude: number;
  longitude: number;
  count: number;
}

export function WorldMap(props: { events: Events; rows: Uint32Array; release: Release; filter: Filter; change: (filter: Partial<Filter>) => void }) {
  const { events, rows, release, filter } = props;
  const reading = filter.reading === "either" ? "place" : filter.reading;
  const counts = useMemo(() => byCountry(events, rows, reading), [rows, reading]);
  const points = useMemo(() => pointsOf(events, rows), [rows]);
  const placed = points.reduce((sum, point) => sum + point.count, 0);
  const note = `Countries by events with them as ${reading}; circles are the ${plural(placed, "event")} placed in a town, site or province, near ones together.`;
  const table = () => ({
    head: ["country", "place", "precision", "latitude", "longitude", "events"],
    rows: [
      ...[...counts].map(([country, count]) => [country, null, "country", null, null, count]),
      ...points.map((point) => [null, point.name, point.precision, point.latitude, point.longitude, point.count]),
    ],
  });
  return (
    <Panel wide title="Where" note={note} file="map" table={table}>
      <div class="choice" role="radiogroup" aria-label="Countries as">
        {(["source", "target", "place"] as Reading[]).map((each) => (
          <label key={each}><input type="radio" name="reading" checked={each === reading} onChange={() => props.change({ reading: each })} />{each}</label>
        ))}
      </div>
      <Drawing label="Map of events" of={[counts, points]} draw={(width) => draw(counts, points, release, width, props.change, reading)} />
    </Panel>
  );
}

function byCountry(events: Events, rows: Uint32Array, reading: "source" | "target" | "place"): Map<string, number> {
  const name = `${reading}_country` as const;
  const column = events.text[name];
  const texts = events.list(name).texts;
  const counts = new Uint32Array(texts.length);
  for (const row of rows) counts[column[row]!]!++;
  const found = texts.map((text, index) => [text, counts[index]!] as [string, number]).filter(([text, count]) => text && count);
  return new Map(found.sort((one, other) => other[1] - one[1]));
}

function pointsOf(events: Events, rows: Uint32Array): Point[] {
  const places = events.text.place_id;
  const found = new Map<number, Point>();
  for (const row of rows) {
    const place = places[row]!;
    const known = found.get(place);
    if (known) known.count++;
    else if (POINTS.has(events.value("place_precision", row)) && !Number.isNaN(events.number.latitude[row]!)) {
      found.set(place, {
        name: events.value("place_name", row), precision: events.value("place_precision", row), count: 1,
        latitude: events.number.latitude[row]!, longitude: events.number.longitude[row]!,
      });
    }
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

function draw(counts: Map<string, number>, points: Point[], release: Release, width: number, change: (filter: Partial<Filter>) => void, reading: Reading): Element {
  const alpha3 = new Map(release.countries.map(({ numeric, country }) => [numeric, country]));
  const countryOf = (shape: { id?: string | number }) => alpha3.get(String(shape.id));
  const count = (shape: { id?: string | number }) => counts.get(countryOf(shape) ?? "") ?? null;
  const plot = Plot.plot({
    width, height: Math.min(width * 0.49, HEIGHT), className: "plot", projection: { type: "equal-earth", domain: LANDS }, margin: 0,
    color: { type: "log", range: ["#c3d9ec", "#0b3a73"], domain: [1, Math.max(2, ...counts.values())] }, r: { range: [0, 16] },
    marks: [
      Plot.geo(shapes, { className: "land" }),
      Plot.geo(shapes.features, { className: "countries", fill: count, title: (shape) => `${shape.properties.name}: ${plural(count(shape) ?? 0, "event")}` }),
      Plot.dot(points, Plot.hexbin({ r: "sum", title: (near: Point[]) => titleOf(near) }, { x: "longitude", y: "latitude", r: "count", binWidth: 10, symbol: "circle", className: "places", title: (point: Point) => point })),
    ],
  });
  whenClicked(plot, "countries", shapes.features, (shape) => {
    const country = countryOf(shape);
    if (country) change({ country, reading });
  });
  return plot;
}

function titleOf(near: Point[]): string {
  const named = near.slice(0, 5).map((point) => `${point.name} (${point.precision}): ${number(point.count)}`);
  return near.length > 5 ? [...named, `and ${near.length - 5} more places`].join("\n") : named.join("\n");
}
