/** The data files beside the page. A page from disk may load scripts and nothing else: each file calls dragoman() with its parts. */

export interface Release {
  release_id: string;
  release_number: number;
  published_at: string;
  events_count: number;
  /** There are more than the explorer is written for. */
  is_left_out: boolean;
  depths: { events: number; articles: number };
  years: { year: string; events: number }[];
  types: { event_type: string; mode: string | null; definition: string }[];
  countries: { country: string; country_name: string; numeric: string }[];
  publishers: { publisher_id: string; publisher_name: string }[];
}

type Parts = Record<string, string>;

declare global {
  interface Window {
    dragoman: (name: string, parts: Parts) => void;
  }
}

const arrived = new Map<string, Parts>();
window.dragoman = (name, parts) => arrived.set(name, parts);

/** The parts of a file, unpacked; null where there is no such file. */
export async function load(name: string): Promise<Record<string, Uint8Array<ArrayBuffer>> | null> {
  const script = document.createElement("script");
  script.src = `data/${name}.js`;
  const loaded = new Promise<boolean>((resolve) => {
    script.onload = () => resolve(true);
    script.onerror = () => resolve(false);
  });
  document.head.append(script);
  const is_there = await loaded;
  script.remove();
  const parts = arrived.get(name);
  arrived.delete(name);
  if (!is_there || !parts) return null;
  const unpacked = await Promise.all(Object.entries(parts).map(async ([part, text]) => [part, await unpack(text)] as const));
  return Object.fromEntries(unpacked);
}

/** The same, as the rows that the parts hold. */
export async function loadRows(name: string): Promise<Record<string, Row[]>> {
  const parts = (await load(name)) ?? {};
  return Object.fromEntries(Object.entries(parts).map(([part, bytes]) => [part, parse(bytes) as Row[]]));
}

export async function loadRelease(): Promise<Release | null> {
  const parts = await load("release");
  return parts?.release ? (parse(parts.release) as Release) : null;
}

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** The file of data/<kind> that holds what bears an id. */
export const fileOf = (kind: "events" | "articles", id: string, release: Release) => `${kind}/${id.slice(0, release.depths[kind])}`;

const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

async function unpack(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = decode(text);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const decode: (text: string) => Uint8Array<ArrayBuffer> = "fromBase64" in Uint8Array
  ? (text) => (Uint8Array as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }).fromBase64(text)
  : (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
