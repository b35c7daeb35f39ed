/** What every panel of details has: the part that scrolls, and what can be done at its foot. */
import type { ComponentChildren } from "preact";
import { openOrder } from "../generate/order";
import { corpus } from "../state/page";

/** The two ends of a panel: what scrolls, and what can be done. */
export function Panel({ children, foot }: { children: ComponentChildren; foot: ComponentChildren }) {
  return (
    <>
      <div class="scroll" tabIndex={-1}>
        {children}
      </div>
      <div class="foot">{foot}</div>
    </>
  );
}

export function Generate({ subgraphs, uncovered = false, label = "Generate" }: { subgraphs: string[][]; uncovered?: boolean; label?: string }) {
  const readOnly = corpus.value?.read_only ?? false;
  return (
    <button
      type="button"
      class="main"
      disabled={readOnly}
      title={readOnly ? "This server only reads: start it without --read-only" : "Choose how, see the prompt and the price, then start"}
      onClick={() => openOrder({ subgraphs, uncovered })}
    >
      {label}
    </button>
  );
}
