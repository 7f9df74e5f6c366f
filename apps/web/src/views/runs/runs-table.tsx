import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useEffect, useRef } from 'react';
import { seen } from '../../parts/plain-text.js';
import { Status } from '../../parts/status.js';
import { Time } from '../../parts/time.js';
import type { Run } from './merged-runs.js';
import { costOf, Duration, labelsOf, labelText, shortId, stepOf, titleOfRun, tokensOf, waitsOf } from './run-cells.js';
import type { RunsFilter } from './runs-search.js';
import type { ListControls } from './use-list-controls.js';

/** Every row is as high, so that what is out of sight need not be measured. */
const ROW_PX = 36;

interface Column {
  readonly title: string;
  /** What it takes of the width, and from which width of the page on it is shown. */
  readonly className: string;
  readonly isNumber?: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'Status', className: 'w-26' },
  { title: 'Run', className: '' },
  { title: 'Workflow', className: 'w-36 max-lg:hidden' },
  { title: 'Step', className: 'w-36 max-md:hidden' },
  { title: 'Waits for', className: 'w-28 max-md:hidden' },
  { title: 'Age', className: 'w-26' },
  { title: 'Duration', className: 'w-30 max-sm:hidden', isNumber: true },
  { title: 'Cost', className: 'w-20 max-sm:hidden', isNumber: true },
  { title: 'Tokens', className: 'w-20 max-xl:hidden', isNumber: true },
  { title: 'By', className: 'w-28 max-xl:hidden' },
  { title: 'Labels', className: 'w-40 max-xl:hidden' },
];

export interface RunsTableProps {
  readonly runs: readonly Run[];
  readonly hasMore: boolean;
  readonly isOld: boolean;
  readonly controls: ListControls;
  /** Null: whoever looks may do nothing to runs. */
  readonly selection: {
    readonly selected: ReadonlySet<string>;
    readonly toggle: (runIds: readonly string[], isOn: boolean) => void;
  } | null;
  readonly onNeedMore: () => void;
  readonly onLook: (row: number) => void;
}

/** A table of which only what is in sight is there. */
export function RunsTable({
  runs,
  hasMore,
  isOld,
  controls,
  selection,
  onNeedMore,
  onLook,
}: RunsTableProps): ReactElement {
  const box = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: runs.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => runs[index]?.runId ?? index,
    overscan: 12,
  });
  const rows = virtualizer.getVirtualItems();
  const [first, last] = [rows[0], rows.at(-1)];
  const lastRow = last?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastRow >= runs.length - 20) onNeedMore();
  }, [hasMore, lastRow, runs.length, onNeedMore]);
  useEffect(() => onLook(lastRow), [lastRow, onLook]);
  const { scrollTo } = controls;
  useEffect(() => {
    scrollTo.current = (index) => virtualizer.scrollToIndex(index);
  }, [virtualizer, scrollTo]);

  const all = runs.map(({ runId }) => runId);
  const chosen = selection === null ? 0 : all.filter((runId) => selection.selected.has(runId)).length;
  return (
    <section
      ref={box}
      aria-label="Runs"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too
      tabIndex={0}
      onPointerEnter={() => controls.hold('pointer', true)}
      onPointerLeave={() => controls.hold('pointer', false)}
      onScroll={({ currentTarget }) => controls.hold('scroll', currentTarget.scrollTop > ROW_PX)}
      className={`max-h-[calc(100vh-13rem)] min-h-60 overflow-auto rounded-md border border-line bg-surface max-sm:max-h-none max-sm:h-[70vh] ${isOld ? 'opacity-60' : ''}`}
    >
      <table className="w-full table-fixed text-left" aria-rowcount={hasMore ? -1 : runs.length + 1}>
        <thead className="sticky top-0 z-10 bg-surface text-xs text-quiet shadow-[0_1px_0_var(--line)]">
          <tr aria-rowindex={1}>
            {selection === null ? null : (
              <th className="w-8 py-1.5 pl-2">
                <input
                  type="checkbox"
                  className="block"
                  aria-label="Select all runs that are listed"
                  checked={chosen > 0 && chosen === all.length}
                  ref={(element) => {
                    if (element !== null) element.indeterminate = chosen > 0 && chosen < all.length;
                  }}
                  onChange={({ target }) => selection.toggle(all, target.checked)}
                />
              </th>
            )}
            {COLUMNS.map(({ title, className, isNumber }) => (
              <th
                key={title}
                scope="col"
                className={`px-2 py-1.5 font-medium ${isNumber === true ? 'text-right' : ''} ${className}`}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={first?.start ?? 0} />
          {rows.map(({ index, key }) => {
            const run = runs[index];
            return run === undefined ? null : (
              <Row
                key={key}
                run={run}
                index={index}
                isCurrent={controls.current === run.runId}
                isSelected={selection === null ? null : selection.selected.has(run.runId)}
                onSelect={(isOn) => selection?.toggle([run.runId], isOn)}
                onFocus={() => controls.setCurrent(run.runId)}
              />
            );
          })}
          <Gap height={last === undefined ? 0 : virtualizer.getTotalSize() - last.end} />
        </tbody>
      </table>
    </section>
  );
}

const Gap = ({ height }: { readonly height: number }): ReactElement | null =>
  height <= 0 ? null : (
    <tr style={{ height }}>
      <td />
    </tr>
  );

interface RowProps {
  readonly run: Run;
  readonly index: number;
  readonly isCurrent: boolean;
  /** Null where nothing can be selected. */
  readonly isSelected: boolean | null;
  readonly onSelect: (isOn: boolean) => void;
  readonly onFocus: () => void;
}

const NUMBER = 'px-2 text-right truncate';
const TEXT = 'px-2 truncate';

function Row({ run, index, isCurrent, isSelected, onSelect, onFocus }: RowProps): ReactElement {
  const title = titleOfRun(run);
  const cells: readonly (readonly [className: string, content: ReactElement | string, hint?: string])[] = [
    ['px-2', <Status key="status" status={run.status} />],
    [
      TEXT,
      <Link
        key="link"
        to="/runs/$runId"
        params={{ runId: run.runId }}
        data-run={run.runId}
        onFocus={onFocus}
        className="text-accent hover:underline"
      >
        {title}
      </Link>,
      `${title}\n${seen(run.workflow)}@${seen(run.workflowVersion)}\n${run.runId}`,
    ],
    [`${TEXT} text-quiet`, <WorkflowLink key="workflow" workflow={run.workflow} />],
    [TEXT, stepOf(run)],
    [`${TEXT} text-warn`, waitsOf(run)],
    ['px-2 text-quiet', <Time key="age" at={run.startedAt} />],
    [NUMBER, <Duration key="duration" run={run} />],
    [NUMBER, costOf(run)],
    [`${NUMBER} text-quiet`, tokensOf(run)],
    [`${TEXT} text-quiet`, seen(run.submittedBy.id), `${run.submittedBy.type} ${seen(run.submittedBy.id)}`],
    [TEXT, <Labels key="labels" run={run} />],
  ];
  return (
    <tr
      aria-rowindex={index + 2}
      style={{ height: ROW_PX }}
      className={`border-t border-line ${isCurrent ? 'bg-raised' : 'hover:bg-raised'} ${isSelected === true ? 'bg-busy-soft' : ''}`}
    >
      {isSelected === null ? null : (
        <td className="pl-2">
          <input
            type="checkbox"
            className="block"
            aria-label={`Select ${title}, ${shortId(run.runId)}`}
            checked={isSelected}
            onChange={({ target }) => onSelect(target.checked)}
          />
        </td>
      )}
      {cells.map(([className, content, hint], at) => (
        <td
          key={COLUMNS[at]?.title}
          title={hint ?? (typeof content === 'string' ? content : undefined)}
          className={`${className} ${hiddenOf(COLUMNS[at]?.className ?? '')}`}
        >
          {content}
        </td>
      ))}
    </tr>
  );
}

/** A cell is hidden where the head of its column is. */
const hiddenOf = (className: string): string => /max-\w+:hidden/.exec(className)?.[0] ?? '';

const WorkflowLink = ({ workflow }: { readonly workflow: string }): ReactElement => (
  <Link to="/" search={(before: RunsFilter) => ({ ...before, workflow })} className="hover:text-ink hover:underline">
    {seen(workflow)}
  </Link>
);

const Labels = ({ run }: { readonly run: Run }): ReactElement => (
  <>
    {labelsOf(run).map(([name, value]) => (
      <Link
        key={name}
        to="/"
        search={(before: RunsFilter) => ({ ...before, label: `${name}=${value}` })}
        className="mr-1 rounded-full bg-raised px-1.5 py-0.5 text-xs hover:underline"
      >
        {labelText(name, value)}
      </Link>
    ))}
  </>
);
