/** Coverage as it grew: colours by the first so many texts. */
import { count } from "../parts/words";
import { go, picture, place } from "../state/page";

const KNOWN = 100; // the server names the first hundred texts that cover a thing

export function Slider() {
  const texts = picture.value?.texts ?? 0;
  const { after } = place.value;
  const at = after ?? texts;
  return (
    <label class="slider card">
      <span class="row small">
        <span>After {count(at, "text")}</span>
        <span class="push quiet">of {texts.toLocaleString("en")}</span>
      </span>
      <input
        type="range"
        min={0}
        max={texts}
        value={at}
        disabled={!texts}
        aria-label="Coverage after so many texts"
        onInput={(event) => {
          const next = Number(event.currentTarget.value);
          go({ after: next >= texts ? null : next }, { instead: true });
        }}
      />
      {after !== null && <span class="quiet small">counted to {KNOWN} for each thing</span>}
    </label>
  );
}
