/** The tabs of the page; arrow keys go from one to the next. */
import { go, place } from "../state/page";
import { type Tab, TABS } from "../state/address";

const NAMES: Record<Tab, string> = { browse: "Browse", coverage: "Coverage", texts: "Texts", runs: "Runs" };

export function Tabs() {
  const now = place.value.tab;
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(now) + step + TABS.length) % TABS.length]!;
    go({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  }
  return (
    <div class="tabs" role="tablist" aria-label="What to look at" onKeyDown={onKeyDown}>
      {TABS.map((tab) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          aria-selected={tab === now}
          aria-controls="stage"
          tabIndex={tab === now ? 0 : -1}
          onClick={() => go({ tab })}
        >
          {NAMES[tab]}
        </button>
      ))}
    </div>
  );
}
