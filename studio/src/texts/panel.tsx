/** All texts of the corpus, to read, judge and follow back. */
import { useState } from "preact/hooks";
import { api, type TextQuery } from "../api/client";
import { ofTexts } from "../parts/commands";
import { CopyCommand } from "../parts/copy";
import { GrowingList } from "../parts/more";
import { count } from "../parts/words";
import { type Sought, STATUSES } from "../state/address";
import { go, place } from "../state/page";
import { TextCard } from "./card";
import { TextItem } from "./item";

function seek(change: Partial<Sought>) {
  go({ texts: { ...place.peek().texts, ...change } });
}

export function TextsPanel() {
  const { text, run } = place.value;
  const { status, reason, words } = place.value.texts;
  const [reasons, setReasons] = useState<Record<string, number>>({});
  const [total, setTotal] = useState<number | null>(null);
  if (text) {
    return (
      <div class="panel" tabIndex={-1}>
        <div class="stack">
          <p>
            <button type="button" onClick={() => go({ text: null })}>← All texts</button>
          </p>
          <TextCard key={text} id={text} whole />
        </div>
      </div>
    );
  }
  const query: TextQuery = { status, reason, q: words, run: run ?? "" };
  return (
    <div class="panel" tabIndex={-1}>
      <div class="stack">
        <h2>Texts</h2>
        <div class="row">
          <label class="field">
            Status
            <select value={status} onChange={(event) => seek({ status: event.currentTarget.value })}>
              <option value="">any</option>
              {STATUSES.map((one) => <option key={one} value={one}>{one}</option>)}
            </select>
          </label>
          <label class="field">
            Rejected for
            <select value={reason} onChange={(event) => seek({ reason: event.currentTarget.value })}>
              <option value="">anything</option>
              {reason && !(reason in reasons) && <option value={reason}>{reason}</option>}
              {Object.entries(reasons).map(([one, times]) => <option key={one} value={one}>{one} ({times})</option>)}
            </select>
          </label>
          <label class="field">
            With the words
            <input type="search" aria-label="Texts with the words" value={words} onChange={(event) => seek({ words: event.currentTarget.value })} />
          </label>
          {run && <button type="button" onClick={() => go({ run: null })}>Only of {run} ×</button>}
          <span class="push"><CopyCommand command={ofTexts()} /></span>
        </div>
        {total !== null && <p class="quiet small">{count(total, "text")}, the newest first</p>}
        <GrowingList
          id={`texts ${JSON.stringify(query)}`}
          each={20}
          load={async (offset, limit) => {
            const found = await api.texts({ ...query, offset, limit });
            setReasons(found.reasons);
            return { rows: found.texts, total: found.total };
          }}
          onTotal={setTotal}
          row={(one) => <TextItem key={one.id} text={one} />}
          none={words || status || reason || run ? "No text fits." : "Nothing was written yet. Select something in Browse and press Generate."}
        />
      </div>
    </div>
  );
}
