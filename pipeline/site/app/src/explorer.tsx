import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { ArticlePage } from "./article.tsx";
import { type Release, load, loadRelease } from "./data.ts";
import { Dyads } from "./dyads.tsx";
import { EventPage } from "./event.tsx";
import { Events, yearsAtOnce } from "./events.ts";
import { type Filter, matching, read, written } from "./filters.ts";
import { Filters } from "./form.tsx";
import { EventList } from "./list.tsx";
import { WorldMap } from "./map.tsx";
import { Network } from "./network.tsx";
import { Ranks } from "./ranks.tsx";
import { Timeline } from "./timeline.tsx";
import { number, plural } from "./words.ts";

function Page({ release }: { release: Release }) {
  const [address, setAddress] = useState(location.hash);
  useEffect(() => {
    const changed = () => setAddress(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const [, kind, id, chosen] = address.split("?")[0]!.split("/");
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>Skip to the content</a>
      <header class="top">
        <p class="brand">Dragoman <span>events of release {release.release_number}, {release.published_at.slice(0, 10)}</span></p>
        <nav aria-label="Pages"><a href="#/" aria-current={kind ? undefined : "page"}>Explore</a><a href="index.html">Validation report</a></nav>
      </header>
      <main id="content" tabIndex={-1}>
        {release.is_left_out ? <p role="alert">Release {release.release_number} has {plural(release.events_count, "event")}, more than the explorer is written for (DRAGOMAN_EXPLORER_EVENTS). The warehouse answers SQL.</p>
          : kind === "event" && id ? <EventPage id={id} release={release} />
          : kind === "article" && id ? <ArticlePage id={id} chosen={chosen} release={release} />
          : <Explore release={release} address={address.split("?")[1] ?? ""} />}
      </main>
      <footer><p>Every figure is of the events that the filters let through; an event of several days counts on its first. The same questions in SQL: <code>dragoman sql --query list</code>.</p></footer>
    </>
  );
}

// Kept while a single event or article is looked at, and loaded by one at a time.
let held: { events: Events; waiting: string[]; loading: Promise<void> } | null = null;

function Explore({ release, address }: { release: Release; address: string }) {
  const kept = (held ??= { events: new Events(), waiting: yearsAtOnce(release), loading: Promise.resolve() });
  const { events, waiting } = kept;
  const [loaded, setLoaded] = useState(events.count);
  const [drawn, setDrawn] = useState(events.count);
  const [failure, setFailure] = useState("");
  const loadRest = () => {
    kept.loading = kept.loading.then(() => loadYears(events, waiting, setLoaded));
    return kept.loading.then(() => setDrawn(events.count), (error: Error) => setFailure(error.message));
  };
  useEffect(() => void loadRest(), []);
  const filter = useMemo(() => read(address), [address]);
  // All of it is drawn when all has come: drawing takes longer than loading.
  const rows = useMemo(() => matching(events, drawn, filter), [filter, drawn]);
  const change = (changed: Partial<Filter>) => { location.hash = `#/?${written({ ...filter, ...changed })}`; };
  const mentions = useMemo(() => rows.reduce((sum, row) => sum + events.number.mention_count[row]!, 0), [rows]);
  const left = release.events_count - loaded;
  const rest = () => {
    waiting.push(...release.years.map(({ year }) => year).filter((year) => !events.has(year)));
    void loadRest();
  };
  const shown = { events, rows, change };
  return (
    <>
      <h1 class="hidden">Explore the events</h1>
      <Filters {...shown} release={release} filter={filter} />
      <p class="count" role="status" aria-live="polite"><b data-count={rows.length}>{number(rows.length)}</b> of {plural(drawn, "event")}, told in {plural(mentions, "sentence")}
        {drawn < loaded || waiting.length > 0 ? <progress max={release.events_count} value={loaded} aria-label="Loading" /> : left > 0 && <> <button type="button" onClick={rest}>Load {number(left)} older ones</button></>}
      </p>
      {failure && <p role="alert">{failure}. Write the explorer anew: dragoman report</p>}
      {drawn > 0 && <div class="panels">
        <Timeline {...shown} />
        <WorldMap {...shown} release={release} filter={filter} />
        <Dyads {...shown} />
        <Network {...shown} />
        <Ranks {...shown} release={release} />
        <EventList events={events} rows={rows} />
      </div>}
    </>
  );
}

const AHEAD = 3;

/** Loads the years that wait, some ahead of the one that is taken in. */
async function loadYears(events: Events, waiting: string[], told: (count: number) => void): Promise<void> {
  const coming = new Map<string, ReturnType<typeof load>>();
  while (waiting.length) {
    for (const year of waiting.slice(0, AHEAD)) if (!coming.has(year)) coming.set(year, load(`columns/${year}`));
    events.addYear(waiting[0]!, await coming.get(waiting[0]!)!);
    coming.delete(waiting.shift()!);
    told(events.count);
  }
}

const place = document.getElementById("page")!;
void loadRelease().then((release) => {
  if (release) render(<Page release={release} />, place);
  else place.textContent = "The data beside this page cannot be read. Write them anew: dragoman report";
});
