import type { Row } from "./data.ts";

/** What a mention points to in a text, in the order in which one lies over the other. */
export const ROLES = ["source", "trigger", "target", "date", "place"] as const;
export type Role = (typeof ROLES)[number];

/** The words of a text with those marked that mentions point to. Offsets count characters, as in the warehouse, from `start`. */
export function Marked({ text, start, mentions, chosen }: { text: string; start: number; mentions: Row[]; chosen?: string }) {
  const letters = Array.from(text);
  const spans = mentions.flatMap((mention) => ROLES.map((role) => spanOf(mention, role, start)).filter((span) => span !== null));
  const cuts = [...new Set([0, letters.length, ...spans.flatMap(({ from, to }) => [from, to])])].filter((cut) => cut >= 0 && cut <= letters.length).sort((one, other) => one - other);
  return (
    <>
      {cuts.slice(0, -1).map((from, index) => {
        const words = letters.slice(from, cuts[index + 1]).join("");
        const all = spans.filter((span) => span.from <= from && span.to >= cuts[index + 1]!);
        const own = all.filter((span) => span.mention === chosen);
        const over = own.length ? own : all;
        if (!over.length) return words;
        const roles = [...new Set(over.map(({ role }) => role))];
        const [first] = over;
        const mark = <mark class={roles.map((role) => `role-${role}`).join(" ")} title={roles.join(", ")} data-mention={first!.mention} id={first!.role === "trigger" ? `mention-${first!.mention}` : undefined}>{words}</mark>;
        return first!.mention === chosen ? <b class="chosen" key={from}>{mark}</b> : mark;
      })}
    </>
  );
}

function spanOf(mention: Row, role: Role, start: number) {
  const [from, to] = [mention[`${role}_start`], mention[`${role}_end`]];
  return typeof from === "number" && typeof to === "number" ? { role, from: from - start, to: to - start, mention: String(mention.mention_id) } : null;
}

export const RoleLegend = () => <p class="roles">{ROLES.map((role) => <mark class={`role-${role}`} key={role}>{role}</mark>)}</p>;
