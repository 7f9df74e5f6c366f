import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { heightOf, placed, type ScoreSeries } from './score-series.js';

const WIDTH = 150;
const HEIGHT = 70;
const EDGE = 8;

/** The scores of each round against what they have to reach; the same as a table for who reads rather than looks. */
export const ScoreCharts = ({ series }: { readonly series: readonly ScoreSeries[] }): ReactElement => (
  <section aria-label="Scores by round">
    <h2 className="mb-1 font-semibold">Scores by round</h2>
    <div className="flex flex-wrap gap-2">
      {series.map((line) => (
        <Chart key={`${line.phase} ${line.dimension}`} line={line} />
      ))}
    </div>
    <details className="mt-1 text-xs">
      <summary className="text-quiet">As a table</summary>
      <table className="mt-1 [&_td]:pr-4 [&_th]:pr-4 [&_th]:text-left [&_th]:font-normal [&_thead]:text-quiet">
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Dimension</th>
            <th scope="col">Threshold</th>
            <th scope="col">Scores, round by round</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ phase, dimension, threshold, points }) => (
            <tr key={`${phase} ${dimension}`}>
              <td>{seen(phase)}</td>
              <th scope="row">{seen(dimension)}</th>
              <td>{threshold ?? 'none'}</td>
              <td>{points.map(({ round, score }) => `${round}: ${score}`).join(' · ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  </section>
);

function Chart({ line }: { readonly line: ScoreSeries }): ReactElement {
  const { phase, dimension, threshold, points } = line;
  const places = placed(points, WIDTH, HEIGHT, EDGE);
  const last = points.at(-1)?.score ?? 0;
  const isReached = threshold === null || last >= threshold;
  return (
    <figure className="rounded border border-line bg-surface p-2 text-xs">
      <figcaption className="flex justify-between gap-2">
        <span>
          <span className="text-quiet">{seen(phase)}</span> {seen(dimension)}
        </span>
        <span className={isReached ? 'text-good' : 'text-bad'}>
          {last}
          {threshold === null ? '' : ` of ${threshold}`}
        </span>
      </figcaption>
      <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
        {threshold === null ? null : (
          <line
            x1={0}
            x2={WIDTH}
            y1={heightOf(threshold, HEIGHT, EDGE)}
            y2={heightOf(threshold, HEIGHT, EDGE)}
            className="stroke-quiet"
            strokeDasharray="3 3"
          />
        )}
        <polyline
          points={places.map(({ x, y }) => `${x},${y}`).join(' ')}
          fill="none"
          className="stroke-ink"
          strokeWidth={1.5}
        />
        {places.map(({ x, y }, at) => (
          <circle
            key={x}
            cx={x}
            cy={y}
            r={3}
            className={threshold === null || (points[at]?.score ?? 0) >= threshold ? 'fill-good' : 'fill-bad'}
          />
        ))}
      </svg>
    </figure>
  );
}
