import { childRunIdOf } from '@baton/contracts';
import { Link } from '@tanstack/react-router';
import type { ComponentProps, KeyboardEvent, ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { durationOf } from '../../../parts/spans.js';
import { type Deliveries, takenMs } from '../story/deliveries.js';
import { attemptText } from './attempt-text.js';
import { Bar, GroupBar } from './bar.js';
import type { Scale } from './fold-gaps.js';
import { Hint } from './hint.js';
import { groupLook } from './look.js';
import { type AttemptRow, countsText, type GroupRow, type Row } from './rows.js';

export interface RowProps {
  readonly scale: Scale;
  readonly nowMs: number;
  readonly deliveries: ReadonlyMap<string, Deliveries>;
  readonly isSelected: boolean;
  /** Whether the tabulator comes here; from row to row lead the arrow keys. */
  readonly isTabStop: boolean;
  readonly onChoose: () => void;
  readonly onOpen: (row: AttemptRow) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export const TimelineRow = ({ row, ...rest }: RowProps & { readonly row: Row }): ReactElement =>
  row.is === 'attempt' ? <OneAttempt row={row} {...rest} /> : <OneGroup row={row} {...rest} />;

const indent = (depth: number) => ({ paddingLeft: `${0.5 + depth * 0.9}rem` });

function OneAttempt(props: RowProps & { readonly row: AttemptRow }): ReactElement {
  const { row, scale, nowMs, deliveries, isSelected, isTabStop, onChoose, onOpen, onKeyDown } = props;
  const { attempt, label, depth } = row;
  const taken = takenMs(deliveries, attempt.commandId);
  const text = attemptText(attempt, taken, nowMs);
  return (
    <div className="relative">
      <Hint text={text}>
        <RowButton
          isSelected={isSelected}
          isTabStop={isTabStop}
          aria-pressed={isSelected}
          onClick={onChoose}
          onKeyDown={onKeyDown}
        >
          <span className="truncate pr-2" style={indent(depth)}>
            {seen(label)}
            <span className="sr-only">. {seen(text)}</span>
          </span>
          <span className="relative flex h-full items-center">
            <Bar attempt={attempt} scale={scale} takenMs={taken} nowMs={nowMs} />
          </span>
        </RowButton>
      </Hint>
      {row.isOpen === null ? null : (
        <span className="absolute top-1 right-[calc(100%-var(--label)+0.25rem)] flex gap-1 rounded bg-surface px-1 text-xs text-accent">
          <button
            type="button"
            aria-expanded={row.isOpen}
            aria-label={`What happened in the run of ${seen(label)}`}
            tabIndex={-1}
            onClick={() => onOpen(row)}
            className="px-1"
          >
            {row.isOpen ? '▾' : '▸'}
          </button>
          <Link
            to="/runs/$runId"
            params={{ runId: childRunIdOf(attempt.commandId) }}
            className="hover:underline"
            tabIndex={isTabStop ? 0 : -1}
          >
            open run
          </Link>
        </span>
      )}
    </div>
  );
}

function OneGroup(props: RowProps & { readonly row: GroupRow }): ReactElement {
  const { row, scale, nowMs, isSelected, isTabStop, onChoose, onKeyDown } = props;
  const { visit, label, depth, counts, isOpen } = row;
  const untilMs = visit.leftMs ?? nowMs;
  const text = `${countsText(counts)}, ${durationOf(untilMs - visit.enteredMs)}.`;
  return (
    <Hint text={text}>
      <RowButton
        isSelected={isSelected}
        isTabStop={isTabStop}
        aria-expanded={isOpen}
        onClick={onChoose}
        onKeyDown={onKeyDown}
      >
        <span className="truncate pr-2" style={indent(depth)}>
          <span aria-hidden="true" className="mr-1 inline-block w-3 text-quiet">
            {isOpen ? '▾' : '▸'}
          </span>
          {seen(label)} <span className="text-quiet">{countsText(counts)}</span>
        </span>
        <span className="relative flex h-full items-center">
          <GroupBar
            from={scale.placeOf(visit.enteredMs)}
            to={scale.placeOf(untilMs)}
            ms={untilMs - visit.enteredMs}
            className={groupLook(counts, visit.leftMs !== null)}
          />
        </span>
      </RowButton>
    </Hint>
  );
}

interface RowButtonProps extends ComponentProps<'button'> {
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
}

/** A whole row. What a hint needs comes as further properties. */
const RowButton = ({ isSelected, isTabStop, ...rest }: RowButtonProps): ReactElement => (
  <button
    type="button"
    data-row
    tabIndex={isTabStop ? 0 : -1}
    className={`grid h-[28px] w-full grid-cols-[var(--label)_1fr] items-center pr-2 text-left -outline-offset-2 ${isSelected ? 'bg-accent/15' : 'hover:bg-raised/60'}`}
    {...rest}
  />
);
