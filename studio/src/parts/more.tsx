/** A list that grows page by page, and what stands where there is nothing. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { told } from "../state/asked";
import { fetched } from "../state/page";

interface Page<Row> {
  rows: Row[];
  total: number;
}
interface Growing<Row> {
  /** What the list is of: another key begins anew. */
  id: string;
  each: number;
  load: (offset: number, limit: number) => Promise<Page<Row>>;
  row: (row: Row, number: number) => ComponentChildren;
  none: string;
  onTotal?: (total: number) => void;
}

export function GrowingList<Row>({ id, each, load, row, none, onTotal }: Growing<Row>) {
  const [rows, setRows] = useState<Row[]>([]);
  const [total, setTotal] = useState<number | null>(null);
  const [problem, setProblem] = useState("");
  const [wanted, setWanted] = useState(each);
  const again = fetched.value;
  const key = `${id} ${again}`;
  useEffect(() => {
    setWanted(each);
  }, [id]);
  useEffect(() => {
    let current = true;
    load(0, wanted).then(
      (page) => {
        if (!current) return;
        setRows(page.rows);
        setTotal(page.total);
        setProblem("");
        onTotal?.(page.total);
      },
      (failure: unknown) => current && setProblem(told(failure)),
    );
    return () => {
      current = false;
    };
  }, [key, wanted]);
  if (problem) return <p class="problem">{problem}</p>;
  if (total === null) return <p class="quiet small">…</p>;
  if (!total) return <p class="quiet small">{none}</p>;
  const most = 200;
  return (
    <>
      <ul class="list">{rows.map(row)}</ul>
      {rows.length < total && rows.length < most && (
        <button type="button" class="plain small" onClick={() => setWanted(Math.min(most, wanted + each))}>
          Show more ({(total - rows.length).toLocaleString("en")} left)
        </button>
      )}
      {rows.length >= most && rows.length < total && (
        <p class="quiet small">The first {most} of {total.toLocaleString("en")}; the command line lists them all.</p>
      )}
    </>
  );
}
