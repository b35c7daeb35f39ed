/** A line drawn round nodes selects them. */
import { useState } from "preact/hooks";
import type { Canvas } from "./canvas";
import type { Spot } from "./model";

export function Lasso({ canvas, onDone }: { canvas: Canvas; onDone: (ids: string[] | null) => void }) {
  const [line, setLine] = useState<Spot[]>([]);
  const at = (event: PointerEvent): Spot => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  return (
    <svg
      class="lasso"
      aria-label="Draw a line round the nodes to select"
      role="img"
      onPointerDown={(event) => {
        (event.currentTarget as Element).setPointerCapture(event.pointerId);
        setLine([at(event)]);
      }}
      onPointerMove={(event) => line.length && setLine([...line, at(event)])}
      onPointerUp={() => onDone(line.length > 2 ? canvas.inside(line) : null)}
    >
      {line.length > 1 && <path d={`M${line.map(({ x, y }) => `${x},${y}`).join("L")}Z`} />}
    </svg>
  );
}
