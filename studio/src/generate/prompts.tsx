/** What an order would send and cost. */
import type { Preview } from "../api/types";
import { count, dollars, duration, plain } from "../parts/words";

/** The price in one line. */
export function cost(preview: Preview): string {
  const out = `${plain(preview.tokens_in)} tokens in, about ${plain(preview.tokens_out)} out`;
  const again = preview.reused ? `, ${plain(preview.reused)} known already and free` : "";
  return `${count(preview.calls, "request")}${again} · ${out} · ${dollars(preview.usd)} · ${duration(preview.seconds)}`;
}

export function Prompts({ preview }: { preview: Preview }) {
  return (
    <div class="stack">
      <div class="figures">
        <div><strong>{plain(preview.calls)}</strong><span class="quiet small">requests{preview.reused ? `, ${plain(preview.reused)} known` : ""}</span></div>
        <div><strong>{plain(preview.tokens_in)}</strong><span class="quiet small">tokens in</span></div>
        <div><strong>{plain(preview.tokens_out_low)}–{plain(preview.tokens_out_high)}</strong><span class="quiet small">tokens out</span></div>
        <div><strong>{dollars(preview.usd)}</strong><span class="quiet small">{preview.usd_high ? `at most ${dollars(preview.usd_high)}` : "in all"}</span></div>
        <div><strong>{duration(preview.seconds)}</strong><span class="quiet small">at this model’s pace</span></div>
      </div>
      {preview.needs_limit && <p class="remark">This is a hosted model and nothing limits the cost: give a number of subgraphs or a budget.</p>}
      {preview.remarks.map((remark) => <p key={remark} class="quiet small">{remark}</p>)}
      {preview.prompts.map((prompt, number) => (
        <details key={number} open={number === 0}>
          <summary dir="auto">{prompt.title} ({count(prompt.tokens_in, "token")})</summary>
          {prompt.messages.map((message, i) => (
            <div key={i}>
              <p class="small quiet">{message.role}</p>
              <pre dir="auto">{message.content}</pre>
            </div>
          ))}
        </details>
      ))}
      {!preview.prompts.length && <p class="quiet">Nothing would be sent: every text of this plan is there already.</p>}
    </div>
  );
}
