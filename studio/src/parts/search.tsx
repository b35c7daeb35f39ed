/** Search as you type: names, aliases, parts of words, in any script. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Found } from "../api/types";
import { LONG, short } from "../graph/model";
import { told } from "../state/asked";
import { announce, goTo } from "../state/page";
import { count } from "./words";

const WAIT_MS = 15;

export function Search() {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found[] | null>(null);
  const [problem, setProblem] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) {
      setFound(null);
      return;
    }
    const control = new AbortController();
    const timer = setTimeout(() => {
      api.search(wanted, 20, control.signal).then(
        (rows) => {
          setFound(rows);
          setProblem("");
          setAt(0);
          announce(rows.length ? `${count(rows.length, "entity", "entities")} found` : "Nothing found");
        },
        (failure: unknown) => control.signal.aborted || setProblem(told(failure)),
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [text]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === "/" && !typing && !document.querySelector("dialog[open]")) {
        event.preventDefault();
        box.current?.focus();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  function choose(one: Found | undefined) {
    if (!one) return;
    setText("");
    setFound(null);
    goTo(one.id);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") setText("");
    else if (event.key === "Enter") choose(found?.[at]);
    else if (event.key === "ArrowDown") setAt(Math.min((found?.length ?? 1) - 1, at + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
    else return;
    if (event.key !== "Enter" || found?.length) event.preventDefault();
  }
  const open = found !== null || problem !== "";
  return (
    <div class="search" role="search">
      <input
        ref={box}
        type="search"
        role="searchbox"
        aria-label="Search entities"
        placeholder="Search entities  ( / )"
        autocomplete="off"
        spellcheck={false}
        aria-controls={open ? "found" : undefined}
        aria-activedescendant={found?.[at] ? `found-${at}` : undefined}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div class="results">
          {problem && <p class="problem">{problem}</p>}
          {!problem && found?.length === 0 && <p class="quiet">No name or alias has these letters. Try fewer of them.</p>}
          <ul id="found" role="listbox" aria-label="Entities found" hidden={!found?.length}>
            {found?.map((one, number) => (
              <li
                key={one.id}
                id={`found-${number}`}
                role="option"
                aria-selected={number === at}
                onMouseEnter={() => setAt(number)}
                onMouseDown={(event) => {
                  event.preventDefault();
                  choose(one);
                }}
              >
                <span class="name" dir="auto">
                  {short(one.name, LONG)}
                  {one.alias && <span class="quiet small"> also {short(one.alias, LONG)}</span>}
                </span>
                <span class="push quiet small">
                  {short(one.type, 24)} · {count(one.degree, "neighbour")}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
