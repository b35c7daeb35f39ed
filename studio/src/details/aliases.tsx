/** Under which names an entity was seen and why that is taken for one thing; what is not can be taken out again. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { Alias, Said } from "../api/types";
import { did } from "../parts/did";
import { count } from "../parts/words";
import { told } from "../state/asked";
import { corpus, refresh } from "../state/page";

const MOST = 40;

export function Aliases({ id, name, aliases }: { id: string; name: string; aliases: readonly Alias[] }) {
  const [parts, setParts] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState("");
  const readOnly = corpus.value?.read_only ?? false;
  if (!aliases.length) return null;
  async function change(work: () => Promise<Said>) {
    setProblem("");
    try {
      const { said, command } = await work();
      setParts([]);
      did(said, command);
      refresh();
    } catch (failure) {
      setProblem(told(failure));
    }
  }
  const tick = (candidate: string) =>
    setParts(parts.includes(candidate) ? parts.filter((one) => one !== candidate) : [...parts, candidate]);
  return (
    <details class="section" open={aliases.length > 1 && aliases.some((alias) => alias.by === "user")}>
      <summary>Why it is one thing: seen {count(aliases.length, "way")}</summary>
      <ul class="list">
        {aliases.slice(0, MOST).map((alias) => (
          <li key={alias.candidate}>
            <label class="tick">
              {!readOnly && aliases.length > 1 && (
                <input
                  type="checkbox"
                  checked={parts.includes(alias.candidate)}
                  onChange={() => tick(alias.candidate)}
                  aria-label={`Take out ${alias.name} of ${alias.title}`}
                />
              )}
              <span class={alias.name === name ? "break" : "break other"} dir="auto">
                {alias.name}
              </span>
            </label>
            <p class="small quiet break">
              {count(alias.mentions, "mention")} in <span dir="auto">{alias.title}</span>
              {alias.reason && ` · ${alias.by === "user" ? "by hand" : alias.reason}`}
            </p>
          </li>
        ))}
      </ul>
      {aliases.length > MOST && <p class="quiet small">and {aliases.length - MOST} more</p>}
      {problem && <p class="problem">{problem}</p>}
      {!readOnly && (
        <div class="row">
          {parts.length > 0 && (
            <button type="button" onClick={() => change(() => api.split(id, parts))}>
              Make {parts.length === 1 ? "this" : "these"} another entity
            </button>
          )}
          <button type="button" class="plain small" onClick={() => change(() => api.undo())}>
            Undo the last merge or split
          </button>
        </div>
      )}
    </details>
  );
}
