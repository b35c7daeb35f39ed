/** Asking the server. Every failure is a `Refused` whose message can be shown as it is. */
import type * as T from "./types";

export class Refused extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
  ) {
    super(message);
  }
}

type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

interface Ask {
  query?: Query;
  body?: unknown;
  method?: string;
  signal?: AbortSignal | undefined;
}

async function ask(path: string, { query, body, method, signal }: Ask = {}): Promise<Response> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (Array.isArray(value)) for (const one of value) search.append(name, String(one));
    else if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const asked = search.size ? `/api${path}?${search}` : `/api${path}`;
  const given: RequestInit = { method: method ?? (body === undefined ? "GET" : "POST"), signal: signal ?? null };
  if (body !== undefined) {
    given.body = JSON.stringify(body);
    given.headers = { "Content-Type": "application/json" };
  }
  let answer: Response;
  try {
    answer = await fetch(asked, given);
  } catch (problem) {
    if (problem instanceof DOMException && problem.name === "AbortError") throw problem;
    throw new Refused("The server does not answer. Is “entigraph serve” still running?", 0);
  }
  if (!answer.ok) throw new Refused(await reason(answer), answer.status);
  return answer;
}

async function reason(answer: Response): Promise<string> {
  try {
    const told = (await answer.json()) as { detail?: unknown };
    if (typeof told.detail === "string") return told.detail;
    if (Array.isArray(told.detail)) {
      return told.detail.map((one: { loc?: unknown[]; msg?: string }) => `${one.loc?.at(-1)}: ${one.msg}`).join("; ");
    }
  } catch {
    // no JSON: the status says what there is to say
  }
  return `The server answered ${answer.status} ${answer.statusText}`;
}

async function get<Shape>(path: string, query?: Query, signal?: AbortSignal): Promise<Shape> {
  return (await (await ask(path, { ...(query ? { query } : {}), signal })).json()) as Shape;
}

async function post<Shape>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<Shape> {
  return (await (await ask(path, { body, signal })).json()) as Shape;
}

const id = encodeURIComponent;
export interface Range extends Query {
  offset?: number;
  limit?: number;
}
export interface TextQuery extends Range {
  entity?: readonly string[];
  status?: string;
  strategy?: string;
  run?: string;
  reason?: string;
  q?: string;
}

export const api = {
  corpus: (signal?: AbortSignal) => get<T.Corpus>("/corpus", undefined, signal),
  view: (view: T.View, signal?: AbortSignal) => post<T.Picture>("/view", view, signal),
  search: (q: string, limit = 20, signal?: AbortSignal) => get<T.Found[]>("/search", { q, limit }, signal),
  neighbours: (entity: string, range?: Range) => get<T.Neighbours>(`/entities/${id(entity)}/neighbours`, range),
  path: (from: string, to: string) => get<T.Way>("/path", { from, to }),
  exported: async (view: T.View, format: string) =>
    await (await ask("/export", { query: { format }, body: view })).blob(),

  entity: (entity: string, signal?: AbortSignal) => get<T.EntityDetails>(`/entities/${id(entity)}`, undefined, signal),
  mentions: (entity: string, range?: Range) => get<T.Passages>(`/entities/${id(entity)}/mentions`, range),
  relations: (entity: string, range?: Range) => get<T.Relations>(`/entities/${id(entity)}/relations`, range),
  subgraph: (entity: readonly string[], signal?: AbortSignal) => get<T.SubgraphDetails>("/subgraph", { entity }, signal),
  evidence: (relation: string, range?: Range) => get<T.Passages>(`/relations/${id(relation)}/evidence`, range),
  document: (document: string, query: { at?: number; characters?: number }) =>
    get<T.DocumentPage>(`/documents/${id(document)}`, query),

  texts: (query: TextQuery, signal?: AbortSignal) => get<T.TextList>("/texts", query, signal),
  text: (text: string, signal?: AbortSignal) => get<T.TextDetails>(`/texts/${id(text)}`, undefined, signal),
  judge: (text: string, status: "accepted" | "rejected", reason = "") =>
    post<T.TextDetails>(`/texts/${id(text)}/verdict`, { status, reason }),
  edit: (text: string, words: string) => post<T.TextDetails>(`/texts/${id(text)}/edit`, { text: words }),

  coverage: (unit: string, times: number, signal?: AbortSignal) =>
    get<T.CoverageNow>("/coverage", { unit, times }, signal),
  expected: (question: T.CoverageQuestion, signal?: AbortSignal) =>
    post<T.CoverageAnswer>("/coverage/expected", question, signal),

  choices: () => get<T.Choices>("/choices"),
  preview: (order: T.Order, signal?: AbortSignal) => post<T.Preview>("/generate/preview", order, signal),
  generate: (order: T.Order) => post<T.RunRow>("/generate", order),
  runs: () => get<T.RunRow[]>("/runs"),
  run: (run: string, signal?: AbortSignal) => get<T.RunDetails>(`/runs/${id(run)}`, undefined, signal),
  stop: (run: string) => post<T.RunRow>(`/runs/${id(run)}/stop`),
  resume: (run: string, limits?: T.Resume) => post<T.RunRow>(`/runs/${id(run)}/resume`, limits),

  split: (entity: string, parts: readonly string[]) => post<T.Said>(`/entities/${id(entity)}/split`, { parts }),
  merge: (entities: readonly string[], into: string) => post<T.Said>("/entities/merge", { entities, into }),
  undo: () => post<T.Said>("/curation/undo"),
};
