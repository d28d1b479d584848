/** Figures and codes in words. */

export const QUADS = ["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"] as const;
export const QUAD_COLORS: Record<string, string> = {
  "verbal cooperation": "#7fb4d8", "material cooperation": "#2470a8", "verbal conflict": "#f0a868", "material conflict": "#c2442d",
};

export const number = (value: number): string => value.toLocaleString("en");
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
/** A time of the database to the minute. */
export const moment = (time: unknown): string => String(time).slice(0, 16).replace("T", " ");
export const plural = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

/** Intensity runs from -10 to 10. */
export function intensityInWords(intensity: number): string {
  const strength = Math.abs(intensity) < 1 ? "hardly" : Math.abs(intensity) < 3 ? "mildly" : Math.abs(intensity) < 6 ? "clearly" : Math.abs(intensity) < 8.5 ? "strongly" : "extremely";
  return strength === "hardly" ? "neutral" : `${strength} ${intensity > 0 ? "cooperative" : "hostile"}`;
}

/** `rule:kill.verb+model:0.97` as a sentence. */
export function madeByInWords(made: string): string {
  const [, rule, score] = /^(?:rule:)?(.*?)(?:\+?model:([\d.]+))?$/.exec(made) ?? [];
  const parts = [rule ? `rule ${rule}` : "", score ? `model ${percent(Number(score))}` : ""].filter(Boolean);
  return parts.join(", ") || made;
}
