/** What the colours mean; press a row and its nodes stand back. */
import { signal } from "@preact/signals";
import { corpus, picture, place } from "../state/page";
import { legend } from "./colours";

/** Keys of the rows that are switched off. */
export const off = signal<ReadonlySet<string>>(new Set());
const MOST = 14;
/** Where the window is narrow the legend would lie over the graph: there it is folded at first. */
const WIDE = 1200;

export function Legend() {
  const { colouring, after } = place.value;
  const rows = legend(picture.value!, corpus.value, colouring, after);
  function press(key: string) {
    const next = new Set(off.peek());
    if (!next.delete(key)) next.add(key);
    off.value = next;
  }
  const title = { type: "Types", community: "Communities around", coverage: "Texts that cover it" }[colouring];
  return (
    <details class="legend card" open={innerWidth >= WIDE}>
      <summary>{title}</summary>
      <ul aria-label={`${title}; press one to have it stand back`}>
        {rows.slice(0, MOST).map((row) => (
          <li key={row.key}>
            <button type="button" aria-pressed={!off.value.has(row.key)} onClick={() => press(row.key)}>
              <span class={`dot ${row.token}`} />
              <span class="name" dir="auto">
                {row.name}
              </span>
              <span class="push quiet small number">{row.count.toLocaleString("en")}</span>
            </button>
          </li>
        ))}
      </ul>
      {rows.length > MOST && <p class="quiet small">and {rows.length - MOST} more</p>}
    </details>
  );
}
