/** What is asked for: kept in the address, so that it can be shared, and applied to the columns. */

import { type Events, type TextColumn, UNKNOWN_DAY } from "./events.ts";

export type Reading = "either" | "source" | "target" | "place";

export interface Filter {
  since: string;
  until: string;
  types: string[];
  mode: string;
  country: string;
  /** How an event counts for the country. */
  reading: Reading;
  actor: string;
  source: string;
  target: string;
  status: string;
  confidence: number;
  publisher: string;
}

export const EVERYTHING: Filter = {
  since: "", until: "", types: [], mode: "", country: "", reading: "either", actor: "", source: "", target: "", status: "actual",
  confidence: 0, publisher: "",
};

const READINGS: readonly Reading[] = ["either", "source", "target", "place"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The part of an address behind '#/?'; only what is not as it is at first. */
export function written(filter: Filter): string {
  const told = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    const text = String(value);
    if (text !== String(EVERYTHING[name as keyof Filter])) told.set(name, text);
  }
  return told.toString();
}

/** The filter of an address; what cannot be read is as it is at first. */
export function read(address: string): Filter {
  const told = Object.fromEntries(new URLSearchParams(address));
  const confidence = Number(told.confidence);
  const day = (text: string | undefined) => (text && DAY.test(text) ? text : "");
  return {
    ...EVERYTHING,
    ...Object.fromEntries(["mode", "country", "actor", "source", "target", "status", "publisher"].filter((name) => name in told).map((name) => [name, told[name]])),
    since: day(told.since),
    until: day(told.until),
    types: told.types ? told.types.split(",") : [],
    reading: READINGS.find((reading) => reading === told.reading) ?? "either",
    confidence: confidence > 0 && confidence <= 1 ? confidence : 0,
  };
}

/** Days since 1970-01-01. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
export const dayText = (day: number): string => (day === UNKNOWN_DAY ? "" : new Date(day * 86_400_000).toISOString().slice(0, 10));

type Test = (row: number) => boolean;

/** Of the first `count` events those that a filter lets through; one of a span counts on its first day, as in the panels. */
export function matching(events: Events, count: number, filter: Filter): Uint32Array {
  const tests = [...testsOf(events, filter)];
  const rows = new Uint32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) {
    let holds = true;
    for (const test of tests) {
      if (!test(row)) {
        holds = false;
        break;
      }
    }
    if (holds) rows[found++] = row;
  }
  return rows.subarray(0, found);
}

function* testsOf(events: Events, filter: Filter): Generator<Test> {
  const first = events.day.event_date;
  if (filter.since) {
    const since = dayNumber(filter.since);
    yield (row) => first[row]! >= since;
  }
  if (filter.until) {
    const until = dayNumber(filter.until);
    yield (row) => first[row]! <= until && first[row]! !== UNKNOWN_DAY;
  }
  if (filter.types.length) yield oneOf(events, "event_type", new Set(filter.types));
  if (filter.mode) yield is(events, "mode", filter.mode);
  if (filter.status !== "any") yield is(events, "status", filter.status);
  if (filter.country) yield ofCountry(events, filter.country, filter.reading);
  if (filter.actor) yield either(is(events, "source_actor", filter.actor), is(events, "target_actor", filter.actor));
  if (filter.source) yield is(events, "source_country", filter.source);
  if (filter.target) yield is(events, "target_country", filter.target);
  if (filter.confidence) {
    const confidence = events.number.confidence;
    const least = Math.fround(filter.confidence);
    yield (row) => confidence[row]! >= least;
  }
  if (filter.publisher) {
    const rows = new Set(events.rowsOf(filter.publisher));
    yield (row) => rows.has(row);
  }
}

function ofCountry(events: Events, country: string, reading: Reading): Test {
  if (reading !== "either") return is(events, `${reading}_country`, country);
  return either(is(events, "source_country", country), is(events, "target_country", country));
}

function is(events: Events, name: TextColumn, text: string): Test {
  const wanted = events.list(name).find(text);
  const column = events.text[name];
  return wanted === undefined ? () => false : (row) => column[row] === wanted;
}

function oneOf(events: Events, name: TextColumn, texts: Set<string>): Test {
  const wanted = events.list(name).texts.map((text) => texts.has(text));
  const column = events.text[name];
  return (row) => wanted[column[row]!]!;
}

const either = (one: Test, other: Test): Test => (row) => one(row) || other(row);
