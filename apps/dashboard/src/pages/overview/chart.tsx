import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Line {
  label: string;
  /** A custom property of the page's colours. */
  color: string;
  values: (number | null)[];
  fill?: boolean;
}

interface Props {
  label: string;
  times: readonly number[];
  lines: readonly Line[];
  format: (value: number) => string;
  height?: number;
}

/** Lines over time. uPlot paints a thousand points in a millisecond, so it may be painted anew with every answer. */
export function Chart({ label, times, lines, format, height = 200 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = [times, ...lines.map(({ values }) => values)] as uPlot.AlignedData;
  const latest = useRef({ data, lines, format });
  useEffect(() => {
    latest.current = { data, lines, format };
    plot.current?.setData(data);
  });
  const names = lines.map((line) => line.label).join();
  useEffect(() => {
    const holder = box.current!;
    const paint = () => {
      plot.current?.destroy();
      const { data: shown, lines: drawn, format: text } = latest.current;
      plot.current = new uPlot(optionsOf(holder, drawn, text, height), shown, holder);
    };
    paint();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: holder.clientWidth, height }));
    resized.observe(holder);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', paint);
    window.addEventListener('themechange', paint);
    return () => {
      resized.disconnect();
      dark.removeEventListener('change', paint);
      window.removeEventListener('themechange', paint);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [names, height]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

function optionsOf(holder: HTMLElement, lines: readonly Line[], format: Props['format'], height: number): uPlot.Options {
  const [grid, text] = [colorOf(holder, '--line'), colorOf(holder, '--text-3')];
  const axis: uPlot.Axis = {
    stroke: text,
    font: '11px "Inter Variable", sans-serif',
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: holder.clientWidth,
    height,
    padding: [8, 8, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max, 1e-3) * 1.1] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_plot, ticks) => ticks.map(clockText) },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      { value: (_plot, at) => (at ? clockText(at) : '') },
      ...lines.map(({ label, color, fill }): uPlot.Series => {
        const stroke = colorOf(holder, color);
        return {
          label,
          stroke,
          width: 1.5,
          fill: fill ? translucent(stroke) : undefined,
          points: { show: false },
          value: (_plot, value) => (value === null || value === undefined ? '–' : format(value)),
        };
      }),
    ],
  };
}

/** A canvas knows no custom properties: the colour as it comes out in the present theme. */
function colorOf(holder: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  holder.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

function clockText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return date.getHours() === 0 && date.getMinutes() === 0 ? DAY.format(date) : CLOCK.format(date);
}

/** `rgb(1, 2, 3)` with little of itself left. */
function translucent(color: string): string {
  return color.replace('rgb(', 'rgba(').replace(')', ', 0.12)');
}
