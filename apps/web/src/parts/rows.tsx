import type { ReactElement, ReactNode } from 'react';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** Numbers stand right, one below the other. */
  readonly isNumber?: boolean;
}

interface RowsProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}

/** A plain table of what there is. On a narrow screen it scrolls by itself, and by keys too. */
export const Rows = <T,>({ label, columns, rows, keyOf }: RowsProps<T>): ReactElement => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody scrolls here who has no mouse
  <section tabIndex={0} aria-label={label} className="overflow-x-auto rounded border border-line bg-surface">
    <table className="w-full text-left">
      <thead className="text-quiet">
        <tr>
          {columns.map(({ title, isNumber = false }) => (
            <th key={title} scope="col" className={`px-2 py-1.5 font-medium ${isNumber ? 'text-right' : ''}`}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-t border-line align-top">
            {columns.map(({ title, cell, isNumber = false }) => (
              <td key={title} className={`px-2 py-1.5 ${isNumber ? 'whitespace-nowrap text-right' : ''}`}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
