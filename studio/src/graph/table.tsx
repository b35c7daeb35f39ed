/** The same entities as a table: for those who cannot use the canvas, and for sorting. */
import { useState } from "preact/hooks";
import type { GraphNode } from "../api/types";
import { count } from "../parts/words";
import { LONG, short } from "./model";
import { picture, place, select, toggle } from "../state/page";

type Column = "name" | "type" | "degree" | "mentions" | "covered";
const COLUMNS: readonly (readonly [Column, string])[] = [
  ["name", "Entity"],
  ["type", "Type"],
  ["degree", "Neighbours"],
  ["mentions", "Mentions"],
  ["covered", "Texts"],
];

export function EntitiesTable({ shown }: { shown: boolean }) {
  const [by, setBy] = useState<Column>("degree");
  const [up, setUp] = useState(false);
  const seen = picture.value;
  if (!seen) return null;
  const chosen = new Set(place.value.selected);
  const rows = [...seen.nodes].sort((a, b) => compared(a, b, by) * (up ? 1 : -1));
  function sort(column: Column) {
    setUp(column === by ? !up : column === "name" || column === "type");
    setBy(column);
  }
  return (
    <div class={shown ? "drawer" : "unseen"}>
      <table aria-label="Entities in view">
        <caption>{count(rows.length, "entity", "entities")} in view; the headings sort.</caption>
        <thead>
          <tr>
            {COLUMNS.map(([column, name]) => (
              <th key={column} scope="col" aria-sort={column === by ? (up ? "ascending" : "descending") : "none"} class={isNumber(column) ? "number" : ""}>
                {shown ? (
                  <button type="button" class="plain small" onClick={() => sort(column)}>
                    {name}
                    {column === by && (up ? " ↑" : " ↓")}
                  </button>
                ) : (
                  name
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((node) => (
            <tr key={node.id} aria-selected={chosen.has(node.id)}>
              <th scope="row" dir="auto" class="break">
                {shown ? (
                  <button type="button" class="link" onClick={(event) => (event.shiftKey ? toggle(node.id) : select([node.id]))}>
                    {short(node.name, LONG)}
                  </button>
                ) : (
                  short(node.name, LONG)
                )}
              </th>
              <td dir="auto">{node.type}</td>
              <td class="number">{node.degree.toLocaleString("en")}</td>
              <td class="number">{node.mentions.toLocaleString("en")}</td>
              <td class="number">{node.covered.toLocaleString("en")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isNumber(column: Column): boolean {
  return column !== "name" && column !== "type";
}

function compared(a: GraphNode, b: GraphNode, by: Column): number {
  const [one, other] = [a[by], b[by]];
  const found = typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other));
  return found || a.name.localeCompare(b.name);
}
