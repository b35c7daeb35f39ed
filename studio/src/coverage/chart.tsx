/** The curves of coverage, and a target that can be dragged. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { tokens } from "../graph/colours";
import { percent, plain } from "../parts/words";
import type { Together } from "./series";

interface Curves {
  data: Together;
  unit: string;
  target: number | null;
  onTarget: (share: number) => void;
}

const HIGH = 320;

export function Chart({ data, unit, target, onTarget }: Curves) {
  const box = useRef<HTMLDivElement>(null);
  const aim = useRef(target);
  aim.current = target;
  const token = tokens.value;
  useEffect(() => {
    const place = box.current!;
    const plot = new uPlot(
      {
        width: Math.max(280, place.clientWidth),
        height: HIGH,
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        legend: { live: true },
        scales: { x: { time: false }, y: { range: [0, 1] } },
        axes: [
          { stroke: token("quiet"), grid: { stroke: token("line"), width: 1 }, ticks: { stroke: token("line") }, label: "texts", labelSize: 22, values: (_u, ticks) => ticks.map((one) => plain(one)) },
          { stroke: token("quiet"), grid: { stroke: token("line"), width: 1 }, ticks: { stroke: token("line") }, values: (_u, ticks) => ticks.map(percent) },
        ],
        bands: [{ series: [5, 4], fill: `${token("accent")}40` }],
        series: [
          { label: "texts", value: (_u, value) => (value === null ? "–" : plain(value)) },
          { label: "reached", stroke: token("type-0"), width: 2.5, spanGaps: true, value: shareOf, points: { show: false } },
          { label: "expected", stroke: token("accent"), width: 2, spanGaps: true, value: shareOf, points: { show: false } },
          { label: "expected from no text", stroke: token("quiet"), width: 1.5, dash: [2, 4], spanGaps: true, value: shareOf, points: { show: false } },
          { label: "95 in 100 runs from", stroke: `${token("accent")}55`, width: 0.5, spanGaps: true, value: shareOf, points: { show: false } },
          { label: "to", stroke: `${token("accent")}55`, width: 0.5, spanGaps: true, value: shareOf, points: { show: false } },
        ],
        hooks: {
          draw: [
            (u) => {
              if (aim.current === null) return;
              const y = u.valToPos(aim.current, "y", true);
              u.ctx.save();
              u.ctx.strokeStyle = token("ink");
              u.ctx.setLineDash([6, 5]);
              u.ctx.beginPath();
              u.ctx.moveTo(u.bbox.left, y);
              u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
              u.ctx.stroke();
              u.ctx.restore();
            },
          ],
        },
      },
      [data.texts, data.realised, data.expected, data.fromNothing, data.low, data.high],
      place,
    );
    let dragging = false;
    const set = (event: PointerEvent) => {
      const share = plot.posToVal(event.clientY - plot.over.getBoundingClientRect().top, "y");
      onTarget(Math.round(100 * Math.min(1, Math.max(0.01, share))) / 100);
    };
    const down = (event: PointerEvent) => {
      if (aim.current === null) return;
      const y = plot.valToPos(aim.current, "y");
      if (Math.abs(event.clientY - plot.over.getBoundingClientRect().top - y) > 14) return;
      dragging = true;
      plot.over.setPointerCapture(event.pointerId);
      set(event);
    };
    const move = (event: PointerEvent) => dragging && set(event);
    const up = () => (dragging = false);
    plot.over.addEventListener("pointerdown", down);
    plot.over.addEventListener("pointermove", move);
    plot.over.addEventListener("pointerup", up);
    const watching = new ResizeObserver(() => plot.setSize({ width: Math.max(280, place.clientWidth), height: HIGH }));
    watching.observe(place);
    return () => {
      watching.disconnect();
      plot.destroy();
    };
  }, [data, token]);
  const reached = data.realised.reduce<number>((most, one) => Math.max(most, one ?? 0), 0);
  const end = data.expected.reduce<number>((most, one) => Math.max(most, one ?? 0), 0);
  return (
    <div
      ref={box}
      class="chart"
      role="img"
      aria-label={`Coverage of the ${unit} by number of texts: ${percent(reached)} reached${end ? `, ${percent(end)} at the end of the expected curve` : ""}${target === null ? "" : `; target ${percent(target)}`}`}
    />
  );
}

function shareOf(_plot: uPlot, value: number | null): string {
  return value === null || value === undefined ? "–" : percent(value);
}
