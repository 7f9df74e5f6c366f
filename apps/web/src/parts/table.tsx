import type { ReactElement, ReactNode } from 'react';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** Numbers stand under each other. */
  readonly isNumber?: boolean;
}

interface TableProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string | number;
}

/** A list of some rows; long ones have lists of their own. It scrolls sideways where it is wider than its place. */
export const Table = <T,>({ label, rows, columns, keyOf }: TableProps<T>): ReactElement => (
  <section
    aria-label={`${label}, in a table`}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    tabIndex={0}
    className="overflow-x-auto rounded-md border border-line bg-surface"
  >
    <table className="w-full text-left">
      <caption className="sr-only">{label}</caption>
      <thead className="text-quiet">
        <tr>
          {columns.map(({ title, isNumber }) => (
            <th key={title} scope="col" className={`px-3 py-2 font-medium whitespace-nowrap ${side(isNumber)}`}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-t border-line align-top">
            {columns.map(({ title, cell, isNumber }) => (
              <td key={title} className={`px-3 py-2 ${side(isNumber)}`}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const side = (isNumber: boolean | undefined): string => (isNumber === true ? 'text-right' : '');
