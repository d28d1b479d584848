import { type SimulationLinkDatum, type SimulationNodeDatum, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { useMemo } from "preact/hooks";
import { Panel } from "./chart.tsx";
import type { Events } from "./events.ts";
import type { Filter } from "./filters.ts";
import { plural } from "./words.ts";

const TIES = 45;
const NAMED = 22;
const ACTORS = 2 ** 26; // more than a page can hold
const [WIDTH, HEIGHT] = [640, 480];

interface Actor extends SimulationNodeDatum {
  id: string;
  name: string;
  count: number;
}
interface Tie extends SimulationLinkDatum<Actor> {
  source: Actor;
  target: Actor;
  count: number;
  intensity: number;
}

export function Network(props: { events: Events; rows: Uint32Array; change: (filter: Partial<Filter>) => void }) {
  const { actors, ties } = useMemo(() => layout(...strongest(props.events, props.rows)), [props.rows]);
  const most = Math.max(1, ...ties.map((tie) => tie.count));
  const table = () => ({ head: ["actor_id", "other_actor_id", "events", "mean_intensity"], rows: ties.map((tie) => [tie.source.id, tie.target.id, tie.count, Math.round(tie.intensity * 100) / 100]) });
  return (
    <Panel title="Actors and their ties" note={`The ${plural(ties.length, "busiest tie")}; the wider, the more events; red where they are hostile.`} file="network" table={table}>
      <svg class="network" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label="Network of actors">
        {ties.map((tie) => (
          <line key={`${tie.source.id} ${tie.target.id}`} class={tie.intensity < 0 ? "hostile" : "friendly"} x1={tie.source.x} y1={tie.source.y} x2={tie.target.x} y2={tie.target.y} stroke-width={1 + (5 * tie.count) / most}>
            <title>{`${tie.source.name} and ${tie.target.name}: ${plural(tie.count, "event")}, mean intensity ${tie.intensity.toFixed(1)}`}</title>
          </line>
        ))}
        {actors.map((actor, index) => (
          <g key={actor.id} class="clickable" role="button" tabIndex={0} aria-label={`${actor.name}: ${plural(actor.count, "event")}`} onClick={() => props.change({ actor: actor.id })} onKeyDown={(event) => event.key === "Enter" && props.change({ actor: actor.id })}>
            <circle cx={actor.x} cy={actor.y} r={radius(actor)} />
            <title>{`${actor.name}: ${plural(actor.count, "event")}`}</title>
            <text class={index < NAMED ? "" : "on-demand"} x={actor.x} y={(actor.y ?? 0) - radius(actor) - 3}>{actor.name.length > 28 ? `${actor.name.slice(0, 27)}…` : actor.name}</text>
          </g>
        ))}
      </svg>
    </Panel>
  );
}

const radius = (actor: Actor) => 4 + Math.min(10, Math.log2(actor.count));

function strongest(events: Events, rows: Uint32Array): [Actor[], Tie[]] {
  const { source_actor: sources, target_actor: targets } = events.text;
  const ties = new Map<number, { row: number; count: number; sum: number }>();
  for (const row of rows) {
    const [source, target] = [sources[row]!, targets[row]!];
    if (!source || !target || source === target) continue;
    const key = Math.min(source, target) * ACTORS + Math.max(source, target);
    const known = ties.get(key);
    const intensity = events.number.intensity[row]!;
    if (known) [known.count, known.sum] = [known.count + 1, known.sum + intensity];
    else ties.set(key, { row, count: 1, sum: intensity });
  }
  const most = [...ties.values()].sort((one, other) => other.count - one.count).slice(0, TIES);
  const texts = events.list("source_actor").texts;
  const actors = new Map<number, Actor>();
  const actorOf = (row: number, role: "source" | "target", count: number) => {
    const actor = events.text[`${role}_actor`][row]!;
    const known = actors.get(actor) ?? { id: texts[actor]!, name: events.value(`${role}_name`, row), count: 0 };
    known.count += count;
    actors.set(actor, known);
    return known;
  };
  const drawn = most.map(({ row, count, sum }) => ({ source: actorOf(row, "source", count), target: actorOf(row, "target", count), count, intensity: sum / count }));
  return [[...actors.values()].sort((one, other) => other.count - one.count), drawn];
}

function layout(actors: Actor[], ties: Tie[]): { actors: Actor[]; ties: Tie[] } {
  forceSimulation(actors)
    .force("ties", forceLink<Actor, Tie>(ties).distance(60))
    .force("apart", forceManyBody().strength(-160))
    .force("room", forceCollide(16))
    .force("x", forceX(WIDTH / 2).strength(0.08))
    .force("y", forceY(HEIGHT / 2).strength(0.14))
    .stop()
    .tick(250);
  for (const actor of actors) {
    actor.x = Math.max(50, Math.min(WIDTH - 50, actor.x ?? 0));
    actor.y = Math.max(24, Math.min(HEIGHT - 12, actor.y ?? 0));
  }
  return { actors, ties };
}
