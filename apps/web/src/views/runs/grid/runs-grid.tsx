import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { Button } from '../../../parts/button.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { countOf, durationOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { Time } from '../../../parts/time.js';
import { runQuery } from '../../run/run-query.js';
import type { Run } from '../merged-runs.js';
import { titleOfRun } from '../run-cells.js';
import { type Cell, cellsOf, columnsOf, type GridColumn } from './cells-of.js';

/** The whole of each run is asked for, so that a grid begins with few. */
const AT_ONCE = 25;

interface RunsGridProps {
  readonly runs: readonly Run[];
  readonly workflow: string | undefined;
  readonly hasMore: boolean;
  readonly onNeedMore: () => void;
}

/** Runs of one workflow below each other, its states beside each other: what goes wrong again and again is a column. */
export function RunsGrid({ runs, workflow, hasMore, onNeedMore }: RunsGridProps): ReactElement {
  const [most, setMost] = useState(AT_ONCE);
  const names = [...new Set(runs.map((run) => run.workflow))].sort();
  if (workflow === undefined && names.length > 1) return <WhichWorkflow names={names} />;
  const showMore = (): void => {
    setMost(most + AT_ONCE);
    if (runs.length < most + AT_ONCE && hasMore) onNeedMore();
  };
  return (
    <>
      <Grid runs={runs.slice(0, most)} />
      {runs.length > most || hasMore ? (
        <p className="mt-2">
          <Button onClick={showMore}>Show more runs</Button>
        </p>
      ) : null}
    </>
  );
}

const WhichWorkflow = ({ names }: { readonly names: readonly string[] }): ReactElement => (
  <Nothing title="A grid shows the runs of one workflow.">
    <ul aria-label="Workflows" className="mt-2 flex flex-wrap justify-center gap-2">
      {names.map((name) => (
        <li key={name}>
          <Link to="/" search={(before: object) => ({ ...before, workflow: name })} className="text-accent underline">
            {seen(name)}
          </Link>
        </li>
      ))}
    </ul>
  </Nothing>
);

/** By the arrows one goes from cell to cell; by Tab into the grid, and out of it. */
function Grid({ runs }: { readonly runs: readonly Run[] }): ReactElement {
  const details = useQueries({ queries: runs.map(({ runId }) => runQuery(runId)) });
  const steps = details.map(({ data }) => data?.steps ?? []);
  const columns = columnsOf(steps);
  const [current, setCurrent] = useState<readonly [row: number, column: number]>([0, -1]);
  const go = (event: KeyboardEvent<HTMLTableElement>): void => {
    const by = ARROWS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const [row, column] = [current[0] + by[0], current[1] + by[1]];
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row},${column}"]`)?.focus();
  };
  return (
    <section
      aria-label="Runs and their states"
      className="relative max-h-[calc(100vh-13rem)] overflow-auto rounded-md border border-line bg-surface"
    >
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked by arrows is a grid */}
      <table role="grid" aria-label="Runs and their states" onKeyDown={go} className="text-left">
        <thead className="sticky top-0 z-10 bg-surface text-xs text-quiet shadow-[0_1px_0_var(--line)]">
          <tr>
            <th scope="col" className="sticky left-0 bg-surface p-2 font-medium">
              Run
            </th>
            {columns.map(({ state, title, step }) => (
              <th key={state} scope="col" title={seen(state)} className="max-w-40 truncate p-2 font-medium">
                {step === null ? '' : `${step} `}
                {seen(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run, row) => (
            <tr key={run.runId} className="border-t border-line">
              <th scope="row" className="sticky left-0 z-[1] bg-surface p-1.5 font-normal">
                <Link
                  to="/runs/$runId"
                  params={{ runId: run.runId }}
                  data-cell={`${row},-1`}
                  tabIndex={current[0] === row && current[1] === -1 ? 0 : -1}
                  onFocus={() => setCurrent([row, -1])}
                  className="flex items-center gap-2 hover:underline"
                >
                  <span className="w-20 shrink-0">
                    <Status status={run.status} />
                  </span>
                  <span className="w-24 truncate sm:w-56">{titleOfRun(run)}</span>
                  <span className="w-24 text-quiet max-sm:hidden">
                    <Time at={run.startedAt} />
                  </span>
                </Link>
              </th>
              <Cells
                run={run}
                row={row}
                columns={columns}
                cells={cellsOf(steps[row] ?? [])}
                current={current}
                onFocus={setCurrent}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const ARROWS: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const TONES: Readonly<Record<Cell['status'], string>> = {
  succeeded: 'bg-good-soft text-good',
  waiting: 'bg-busy-soft text-busy',
  failed: 'bg-bad-soft text-bad',
  'timed-out': 'bg-bad-soft text-bad',
  cancelled: 'bg-raised text-quiet',
};
const MARKS: Readonly<Record<Cell['status'], string>> = {
  succeeded: '✓',
  waiting: '…',
  failed: '✗',
  'timed-out': '⧖',
  cancelled: '–',
};

interface CellsProps {
  readonly run: Run;
  readonly row: number;
  readonly columns: readonly GridColumn[];
  readonly cells: ReadonlyMap<string, Cell>;
  readonly current: readonly [row: number, column: number];
  readonly onFocus: (place: readonly [row: number, column: number]) => void;
}

const Cells = ({ run, row, columns, cells, current, onFocus }: CellsProps): readonly ReactElement[] =>
  columns.map(({ state, title }, column) => {
    const cell = cells.get(state);
    const label = `${seen(title)}: ${cell === undefined ? 'not entered' : saidOf(cell)}`;
    return (
      <td key={state} className="p-0.5">
        <Link
          to="/runs/$runId"
          params={{ runId: run.runId }}
          search={{ state }}
          data-cell={`${row},${column}`}
          tabIndex={current[0] === row && current[1] === column ? 0 : -1}
          onFocus={() => onFocus([row, column])}
          title={label}
          className={`flex h-7 min-w-16 items-center justify-center gap-1 rounded px-1 text-xs whitespace-nowrap ${cell === undefined ? 'text-quiet' : TONES[cell.status]}`}
        >
          <span className="sr-only">{label}</span>
          {cell === undefined ? null : (
            <span aria-hidden="true" className="flex gap-1">
              <span>{MARKS[cell.status]}</span>
              {cell.durationMs === null ? '' : durationOf(cell.durationMs)}
              {cell.visits === 1 ? '' : ` ×${countOf(cell.visits)}`}
            </span>
          )}
        </Link>
      </td>
    );
  });

function saidOf({ status, visits, durationMs }: Cell): string {
  const times = visits === 1 ? [] : [`entered ${countOf(visits)} times`];
  return [status, ...times, ...(durationMs === null ? [] : [durationOf(durationMs)])].join(', ');
}
