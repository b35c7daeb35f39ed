/** The page: bar, tabs, what the tab shows, details beside it. */
import { CoveragePanel } from "./coverage/panel";
import { Details } from "./details/panel";
import { GenerateDialog } from "./generate/dialog";
import { setTheme, theme, tokens } from "./graph/colours";
import { GraphPanel } from "./graph/panel";
import { order } from "./generate/order";
import { Told } from "./parts/did";
import { Search } from "./parts/search";
import { Tabs } from "./parts/tabs";
import { RunsPanel } from "./runs/panel";
import { connected } from "./state/events";
import { corpus, loading, place, refresh, stale, trouble } from "./state/page";
import { TextsPanel } from "./texts/panel";

export function App() {
  tokens.value; // sets the theme on the document
  const { tab, document } = place.value;
  const beside = tab === "browse" || document !== null;
  return (
    <div class={beside ? "shell" : "shell alone"}>
      <header class="bar">
        <span class="mark">
          <img src="/icon.svg" alt="" />
          <h1 dir="auto" title={corpus.value?.location}>
            {corpus.value?.name ?? "entigraph"}
          </h1>
          {corpus.value?.read_only && <span class="chip">read only</span>}
        </span>
        <Tabs />
        <Search />
        <button
          type="button"
          class="plain icon"
          aria-label={theme.value === "dark" ? "Light colours" : "Dark colours"}
          title={theme.value === "dark" ? "Light colours" : "Dark colours"}
          onClick={() => setTheme(theme.peek() === "dark" ? "light" : "dark")}
        >
          {theme.value === "dark" ? "☀" : "☾"}
        </button>
      </header>
      <main class="stage" aria-busy={loading.value}>
        <Notice />
        <div class="stage" id="stage" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {tab === "browse" && <GraphPanel />}
          {tab === "coverage" && <CoveragePanel />}
          {tab === "texts" && <TextsPanel />}
          {tab === "runs" && <RunsPanel />}
        </div>
      </main>
      {beside && <Details />}
      <GenerateDialog />
      {order.value === null && <Told />}
    </div>
  );
}

function Notice() {
  if (!connected.value) {
    return <p class="notice bad" role="alert">The server is away. This page goes on as soon as it is back.</p>;
  }
  if (trouble.value) {
    return (
      <p class="notice bad" role="alert">
        {trouble.value} <button type="button" onClick={refresh}>Try again</button>
      </p>
    );
  }
  if (!stale.value) return null;
  return (
    <p class="notice" role="status">
      There is newer data. <button type="button" onClick={refresh}>Refresh</button>
    </p>
  );
}
