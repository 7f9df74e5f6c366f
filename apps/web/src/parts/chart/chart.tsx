import { type ReactElement, Suspense } from 'react';
import { lazily } from '../lazily.js';
import { Table } from '../table.js';
import type { ChartData } from './chart-data.js';

const Plot = lazily(() => import('./plot.js').then((loaded) => loaded.Plot));

/** Figures as a picture, and the same figures as a table for whoever sees no picture or wants the number. */
export function Chart(data: ChartData): ReactElement {
  const { title, labels, series, format } = data;
  return (
    <figure className="min-w-0">
      <div aria-hidden="true" className="h-44 rounded border border-line bg-surface p-2">
        <Suspense fallback={null}>
          <Plot {...data} />
        </Suspense>
      </div>
      <details className="mt-1 text-quiet">
        <summary className="cursor-pointer">The figures of “{title}”</summary>
        <div className="mt-1 text-ink">
          <Table
            label={title}
            rows={labels.map((label, index) => ({ label, index }))}
            keyOf={({ label }) => label}
            columns={[
              { title: 'Day', cell: ({ label }) => label },
              ...series.map((each) => ({
                title: each.title,
                isNumber: true,
                cell: ({ index }: { readonly index: number }) => {
                  const value = each.values[index] ?? null;
                  return value === null ? '–' : format(value);
                },
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}
