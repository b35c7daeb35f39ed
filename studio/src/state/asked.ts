/** A question to the server as a component sees it: waiting, answered or refused. */
import { useEffect, useState } from "preact/hooks";
import { Refused } from "../api/client";
import { fetched } from "./page";

export interface Asked<Answer> {
  answer: Answer | null;
  problem: string;
  waiting: boolean;
}

/** Ask when what `key` names changes, and again after the store was changed; a stale answer never wins. */
export function useAsked<Answer>(key: string, ask: (signal: AbortSignal) => Promise<Answer>): Asked<Answer> {
  const [found, setFound] = useState<Asked<Answer> & { key: string }>({ key, answer: null, problem: "", waiting: true });
  const again = fetched.value;
  useEffect(() => {
    const control = new AbortController();
    setFound((old) => ({ key, answer: old.key === key ? old.answer : null, problem: "", waiting: true }));
    ask(control.signal).then(
      (answer) => control.signal.aborted || setFound({ key, answer, problem: "", waiting: false }),
      (problem: unknown) => control.signal.aborted || setFound({ key, answer: null, problem: told(problem), waiting: false }),
    );
    return () => control.abort();
  }, [key, again]);
  return found.key === key ? found : { answer: null, problem: "", waiting: true };
}

/** A failure in words. */
export function told(problem: unknown): string {
  return problem instanceof Refused || problem instanceof Error ? problem.message : String(problem);
}
