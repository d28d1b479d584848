/** All events that are loaded, in columns: texts by their number in a list that all years share. */

import { type Column, tableFromIPC } from "@uwdata/flechette";
import { type Release, load } from "./data.ts";

/** Beyond so many the oldest years are left out until someone asks for them. */
const AT_ONCE = 1_500_000;
export const UNKNOWN_DAY = -(2 ** 31);

const TEXTS = [
  "date_precision", "event_type", "mode", "quad_class", "status", "source_actor", "source_name", "source_country", "target_actor",
  "target_name", "target_country", "place_id", "place_name", "place_country", "place_precision",
] as const;
const NUMBERS = ["intensity", "goldstein_score", "confidence", "latitude", "longitude", "mention_count", "article_count", "publisher_count"] as const;
const DAYS = ["event_date", "event_date_end"] as const;

export type TextColumn = (typeof TEXTS)[number];
type NumberColumn = (typeof NUMBERS)[number];

/** Columns that share a list, so that an actor is one number as source and as target. */
const LIST_OF: Partial<Record<TextColumn, string>> = {
  source_actor: "actor", target_actor: "actor", source_name: "name", target_name: "name",
  source_country: "country", target_country: "country", place_country: "country",
};

/** Texts by number, and numbers by text; 0 is the text that says: not known. */
export class List {
  readonly texts: string[] = [""];
  private readonly numbers = new Map<string, number>([["", 0]]);

  add(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  find(text: string): number | undefined {
    return this.numbers.get(text);
  }
}

/** A batch of a column of texts, as flechette reads it. */
interface TextBatch {
  length: number;
  cache: string[];
  key(row: number): number;
}

export class Events {
  count = 0;
  private capacity = 0;
  readonly text = {} as Record<TextColumn, Uint32Array>;
  readonly number = {} as Record<NumberColumn, Float32Array>;
  readonly day = {} as Record<(typeof DAYS)[number], Int32Array>;
  readonly publishers = new List();
  private readonly lists = new Map<string, List>();
  /** Events of each publisher, by its number in `publishers`. */
  private readonly reported = new Map<number, number[]>();
  private readonly parts: { year: string; start: number; count: number }[] = [];
  private readonly ids = new Map<string, string[]>();

  /** Makes room for so many events. */
  private reserve(total: number): void {
    for (const name of TEXTS) this.text[name] = grown(Uint32Array, this.text[name], total);
    for (const name of NUMBERS) this.number[name] = grown(Float32Array, this.number[name], total);
    for (const name of DAYS) this.day[name] = grown(Int32Array, this.day[name], total);
  }

  list(name: TextColumn): List {
    const key = LIST_OF[name] ?? name;
    let list = this.lists.get(key);
    if (!list) this.lists.set(key, (list = new List()));
    return list;
  }

  value(name: TextColumn, row: number): string {
    return this.list(name).texts[this.text[name][row]!]!;
  }

  /** Rows that a publisher reports. */
  rowsOf(publisher: string): readonly number[] {
    return this.reported.get(this.publishers.find(publisher) ?? -1) ?? [];
  }

  addYear(year: string, parts: Awaited<ReturnType<typeof load>>): void {
    if (!parts?.events || !parts.publishers) throw new Error(`data/columns/${year}.js cannot be read`);
    const table = tableFromIPC(parts.events);
    const start = this.count;
    if (start + table.numRows > this.capacity) this.reserve((this.capacity = Math.max(2 * this.capacity, start + table.numRows)));
    for (const name of TEXTS) this.addTexts(this.list(name), table.getChild(name)!, this.text[name], start);
    for (const name of NUMBERS) copy(table.getChild(name)!, this.number[name], start);
    for (const name of DAYS) copy(table.getChild(name)!, this.day[name], start);
    this.addPublishers(tableFromIPC(parts.publishers), start);
    this.parts.push({ year, start, count: table.numRows });
    this.count += table.numRows;
  }

  has(year: string): boolean {
    return this.parts.some((part) => part.year === year);
  }

  /** The id of an event; loads those of its year. */
  async idOf(row: number): Promise<string> {
    const part = this.parts.find(({ start, count }) => row >= start && row < start + count)!;
    let ids = this.ids.get(part.year);
    if (!ids) {
      const loaded = await load(`ids/${part.year}`);
      ids = new TextDecoder().decode(loaded?.ids).split("\n");
      this.ids.set(part.year, ids);
    }
    return ids[row - part.start]!;
  }

  private addTexts(list: List, column: Column<unknown>, into: Uint32Array, start: number): void {
    for (const batch of column.data as unknown as TextBatch[]) {
      const numbers = batch.cache.map((text) => list.add(text));
      for (let row = 0; row < batch.length; row++) into[start + row] = numbers[batch.key(row)]!;
      start += batch.length;
    }
  }

  private addPublishers(table: ReturnType<typeof tableFromIPC>, start: number): void {
    const rows = new Uint32Array(table.numRows);
    const publishers = new Uint32Array(table.numRows);
    copy(table.getChild("row")!, rows, 0);
    this.addTexts(this.publishers, table.getChild("publisher_id")!, publishers, 0);
    for (let index = 0; index < rows.length; index++) {
      const known = this.reported.get(publishers[index]!);
      if (known) known.push(start + rows[index]!);
      else this.reported.set(publishers[index]!, [start + rows[index]!]);
    }
  }
}

/** The years to load at first, the newest first. */
export function yearsAtOnce(release: Release): string[] {
  const newest = [...release.years].sort((one, other) => order(other.year) - order(one.year));
  let held = 0;
  return newest.filter(({ events }, index) => (held += events) <= AT_ONCE || index === 0).map(({ year }) => year);
}

const order = (year: string) => (year === "earlier" ? 0 : year === "undated" ? 1 : Number(year));

function copy(column: Column<unknown>, into: { set(values: ArrayLike<number>, at: number): void }, start: number): void {
  for (const batch of column.data) {
    into.set(batch.values as unknown as ArrayLike<number>, start);
    start += batch.length;
  }
}

function grown<Numbers extends Uint32Array | Float32Array | Int32Array>(kind: new (length: number) => Numbers, held: Numbers | undefined, total: number): Numbers {
  const larger = new kind(total);
  if (held) larger.set(held);
  return larger;
}
