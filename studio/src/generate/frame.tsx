/** The dialog's frame: title, what scrolls, and the buttons at its foot. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { order } from "./order";

export function Frame({ children, foot }: { children: ComponentChildren; foot?: ComponentChildren }) {
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) scroll.current?.focus(); // what had it is gone
  }, []);
  return (
    <>
      <header>
        <h2>Generate texts</h2>
        <button type="button" class="icon plain push" aria-label="Close" onClick={() => (order.value = null)}>
          ×
        </button>
      </header>
      <div class="scroll" ref={scroll} tabIndex={0} role="group" aria-label="What to write">{children}</div>
      {foot && <footer>{foot}</footer>}
    </>
  );
}
