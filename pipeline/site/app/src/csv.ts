/** What is shown, as a file for spreadsheets. */

export type Cell = string | number | null;

// A cell that begins so is a formula to spreadsheets.
const FORMULA = /^[=+\-@\t\r]/;

export function csv(head: string[], rows: Iterable<Cell[]>): string {
  const lines = [head, ...rows].map((cells) => cells.map(field).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

function field(value: Cell): string {
  if (value === null || (typeof value === "number" && Number.isNaN(value))) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
