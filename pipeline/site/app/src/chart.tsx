import { useEffect, useRef } from "preact/hooks";
import { type Cell, csv, save } from "./csv.ts";

/** A part of the page with its heading, and what it shows as CSV. */
export function Panel(props: { title: string; note?: string; file: string; table: () => { head: string[]; rows: Cell[][] }; wide?: boolean; children: preact.ComponentChildren }) {
  const id = `panel-${props.file}`;
  const download = () => {
    const { head, rows } = props.table();
    save(`${props.file}.csv`, csv(head, rows));
  };
  return (
    <section class={props.wide ? "panel wide" : "panel"} aria-labelledby={id} data-panel={props.file}>
      <header>
        <h2 id={id}>{props.title}</h2>
        <button type="button" class="quiet" onClick={download} aria-label={`${props.title} as CSV`}>CSV</button>
      </header>
      {props.note && <p class="note">{props.note}</p>}
      {props.children}
    </section>
  );
}

/** A drawing of a library, made anew when what it shows changes. */
export function Drawing(props: { label: string; draw: (width: number) => Element; of: unknown[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawing = props.draw(place.current!.clientWidth);
    // The policy allows no style in the page: Plot's own stands in explorer.css.
    drawing.querySelectorAll("style").forEach((style) => style.remove());
    // Its parts bear labels that mean nothing to who hears them; the whole has one.
    drawing.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
    place.current!.replaceChildren(drawing);
  }, props.of);
  return <div class="drawing" ref={place} role="group" aria-label={props.label} />;
}

/** Makes the shapes of a Plot mark buttons for the pointer; keyboards have the tables beside. */
export function whenClicked<Datum>(drawing: Element, mark: string, data: readonly Datum[], act: (datum: Datum) => void): void {
  for (const shape of drawing.querySelectorAll<SVGElement & { __data__?: number }>(`.${mark} > *`)) {
    const datum = data[shape.__data__ ?? -1];
    if (datum === undefined) continue;
    shape.classList.add("clickable");
    shape.addEventListener("click", () => act(datum));
  }
}
