import { useMemo } from "preact/hooks";
import { Panel } from "./chart.tsx";
import type { Release } from "./data.ts";
import type { Events, TextColumn } from "./events.ts";
import type { Filter } from "./filters.ts";
import { number } from "./words.ts";

const SHOWN = 12;

interface Rank {
  id: string;
  name: string;
  count: number;
}

export function Ranks(props: { events: Events; rows: Uint32Array; release: Release; change: (filter: Partial<Filter>) => void }) {
  const { events, rows, change } = props;
  const names = new Map(props.release.countries.map(({ country, country_name }) => [country, country_name]));
  const countryName = (country: string) => names.get(country) ?? country;
  return (
    <>
      <Ranking title="Most active actors" file="sources" events={events} rows={rows} of="source_actor" named="source_name" choose={(actor) => change({ actor })} />
      <Ranking title="Most targeted actors" file="targets" events={events} rows={rows} of="target_actor" named="target_name" choose={(actor) => change({ actor })} />
      <Ranking title="What is done" file="types" events={events} rows={rows} of="event_type" named="event_type" choose={(type) => change({ types: [type] })} />
      <Ranking title="In which countries" file="countries" events={events} rows={rows} of="place_country" named="place_country" call={countryName} choose={(country) => change({ country, reading: "place" })} />
    </>
  );
}

function Ranking(props: { title: string; file: string; events: Events; rows: Uint32Array; of: TextColumn; named: TextColumn; call?: (name: string) => string; choose: (id: string) => void }) {
  const ranks = useMemo(() => rank(props.events, props.rows, props.of, props.named), [props.rows]);
  const most = Math.max(1, ranks[0]?.count ?? 1);
  return (
    <Panel title={props.title} file={props.file} table={() => ({ head: [props.of, "name", "events"], rows: ranks.map((each) => [each.id, each.name, each.count]) })}>
      <table class="ranks">
        <thead class="hidden"><tr><th scope="col">Name</th><th scope="col">Share of the first</th><th scope="col">Events</th></tr></thead>
        <tbody>
          {ranks.slice(0, SHOWN).map((each) => (
            <tr key={each.id}>
              <th scope="row"><button type="button" onClick={() => props.choose(each.id)}><bdi>{props.call ? props.call(each.name) : each.name}</bdi></button></th>
              <td class="bar"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={(100 * each.count) / most} height="8" /></svg></td>
              <td>{number(each.count)}</td>
            </tr>
          ))}
          {!ranks.length && <tr><td class="note">None is known.</td></tr>}
        </tbody>
      </table>
    </Panel>
  );
}

function rank(events: Events, rows: Uint32Array, of: TextColumn, named: TextColumn): Rank[] {
  const column = events.text[of];
  const texts = events.list(of).texts;
  const counts = new Uint32Array(texts.length);
  const first = new Map<number, number>();
  for (const row of rows) {
    const value = column[row]!;
    if (!counts[value]!++) first.set(value, row);
  }
  first.delete(0);
  const ranks = [...first].map(([value, row]) => ({ id: texts[value]!, name: events.value(named, row), count: counts[value]! }));
  return ranks.sort((one, other) => other.count - one.count || (one.id < other.id ? -1 : 1));
}
