import 'uplot/dist/uPlot.min.css';
import { type ReactElement, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useShownTheme } from '../../preferences/preferences.js';
import { type ChartData, shownLabels } from './chart-data.js';

const colourOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function optionsOf({ labels, series, format }: ChartData, width: number, height: number): uPlot.Options {
  const axis = { stroke: colourOf('quiet'), grid: { stroke: colourOf('line'), width: 1 }, ticks: { show: false } };
  const bars = uPlot.paths.bars?.({ size: [0.7, 32] });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, __, most) => [0, most || 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        splits: (self) => [...shownLabels(labels.length, self.width - 60)],
        values: (_, places) => places.map((place) => labels[place] ?? ''),
      },
      { ...axis, size: 56, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      ...series.map(({ title, tone }) => ({
        label: title,
        stroke: colourOf(tone),
        width: 2,
        ...(series.length === 1 && bars !== undefined ? { fill: colourOf(tone), paths: bars, width: 0 } : {}),
        points: { show: series.length > 1, size: 4 },
      })),
    ],
  };
}

/** Drawn anew with other figures, another theme and another width. */
export function Plot(data: ChartData): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  // The colours are those of the theme, and are drawn again with another.
  const theme = useShownTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what colourOf reads
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const places = data.labels.map((_, index) => index);
    const plot = new uPlot(
      optionsOf(data, element.clientWidth, element.clientHeight),
      [places, ...data.series.map(({ values }) => [...values])],
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [data, theme]);
  return <div ref={place} className="h-full w-full overflow-hidden" />;
}
