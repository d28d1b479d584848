import { useMemo } from "preact/hooks";
import type { Release } from "./data.ts";
import type { Events } from "./events.ts";
import { EVERYTHING, type Filter, type Reading, written } from "./filters.ts";
import { percent } from "./words.ts";

const STATUSES = ["actual", "future", "conditional", "negated", "historical", "any"];
const SUGGESTED = 3000;

type Change = (filter: Partial<Filter>) => void;

export function Filters(props: { events: Events; release: Release; filter: Filter; change: Change }) {
  const { events, release, filter, change } = props;
  const types = [...new Set(release.types.map(({ event_type }) => event_type))];
  const modes = [...new Set(release.types.filter(({ event_type }) => !filter.types.length || filter.types.includes(event_type)).map(({ mode }) => mode).filter((mode) => mode !== null))].sort();
  const actors = useMemo(() => actorsOf(events), [events.count]);
  const chooseActor = (name: string) => {
    const actor = actors.find((each) => each.name === name || each.id === name);
    if (actor || !name) change({ actor: actor?.id ?? "" });
  };
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <fieldset><legend>When</legend>
        <label>From <input type="date" name="since" value={filter.since} onChange={(event) => change({ since: event.currentTarget.value })} /></label>
        <label>To <input type="date" name="until" value={filter.until} onChange={(event) => change({ until: event.currentTarget.value })} /></label>
      </fieldset>
      <fieldset><legend>Who</legend>
        <label>Country <Select name="country" value={filter.country} change={(country) => change({ country })} options={release.countries.map(({ country, country_name }) => [country, country_name])} /></label>
        <label>as <Select name="reading" value={filter.reading} change={(reading) => change({ reading: reading as Reading })} options={[["either", "source or target"], ["source", "source"], ["target", "target"], ["place", "place"]]} all={null} /></label>
        <label>Actor <input type="search" name="actor" list="actors" placeholder="any" value={actors.find((actor) => actor.id === filter.actor)?.name ?? filter.actor} onChange={(event) => chooseActor(event.currentTarget.value)} /></label>
        <datalist id="actors">{actors.slice(0, SUGGESTED).map((actor) => <option key={actor.id} value={actor.name} />)}</datalist>
      </fieldset>
      <fieldset><legend>What</legend>
        <label>Mode <Select name="mode" value={filter.mode} change={(mode) => change({ mode })} options={modes.map((mode) => [mode, mode])} /></label>
        <label>Status <Select name="status" value={filter.status} change={(status) => change({ status })} options={STATUSES.map((status) => [status, status])} all={null} /></label>
        <label>Confidence from <output>{percent(filter.confidence)}</output> <input type="range" name="confidence" min="0" max="0.95" step="0.05" value={filter.confidence} onChange={(event) => change({ confidence: Number(event.currentTarget.value) })} /></label>
      </fieldset>
      <fieldset><legend>Told by</legend>
        <label>Publisher <Select name="publisher" value={filter.publisher} change={(publisher) => change({ publisher })} options={release.publishers.map(({ publisher_id, publisher_name }) => [publisher_id, publisher_name])} /></label>
      </fieldset>
      <fieldset class="types"><legend>Types</legend>
        {types.map((type) => (
          <label key={type} title={release.types.find((each) => each.event_type === type && each.mode === null)?.definition}>
            <input type="checkbox" name="type" value={type} checked={filter.types.includes(type)} onChange={(event) => change({ types: event.currentTarget.checked ? [...filter.types, type] : filter.types.filter((each) => each !== type) })} />{type}
          </label>
        ))}
      </fieldset>
      <Chosen filter={filter} change={change} />
    </form>
  );
}

/** What a click on a drawing asked for, which no field shows, and the way back. */
function Chosen({ filter, change }: { filter: Filter; change: Change }) {
  return (
    <p class="chosen-filters">
      {(["source", "target"] as const).filter((side) => filter[side]).map((side) => <button type="button" key={side} onClick={() => change({ [side]: "" })}>{side} {filter[side]} ×</button>)}
      {written(filter) && <button type="button" onClick={() => change(EVERYTHING)}>Clear all filters</button>}
    </p>
  );
}

function Select(props: { name: string; value: string; options: string[][]; change: (value: string) => void; all?: string | null }) {
  return (
    <select name={props.name} value={props.value} onChange={(event) => props.change(event.currentTarget.value)}>
      {props.all !== null && <option value="">any</option>}
      {props.options.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
    </select>
  );
}

/** Those named most often first; of one id the name that comes first. */
function actorsOf(events: Events): { id: string; name: string }[] {
  const texts = events.list("source_actor").texts;
  const counts = new Uint32Array(texts.length);
  const names = new Map<number, string>();
  for (const role of ["source", "target"] as const) {
    const column = events.text[`${role}_actor`];
    for (let row = 0; row < events.count; row++) {
      const actor = column[row]!;
      if (actor && !counts[actor]!++) names.set(actor, events.value(`${role}_name`, row));
    }
  }
  return [...names].sort((one, other) => counts[other[0]]! - counts[one[0]]!).map(([actor, name]) => ({ id: texts[actor]!, name }));
}
