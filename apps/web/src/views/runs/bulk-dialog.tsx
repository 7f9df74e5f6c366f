import { type FormEvent, type ReactElement, useMemo, useState } from 'react';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { TextField } from '../../parts/field.js';
import { seen } from '../../parts/plain-text.js';
import { countOf } from '../../parts/spans.js';
import { Status } from '../../parts/status.js';
import { type BulkAction, carryOut, newKey, type Outcome, planOf } from './bulk-action.js';
import type { Run } from './merged-runs.js';
import { titleOfRun } from './run-cells.js';

const WORDS = {
  cancel: { verb: 'Cancel', done: 'cancelled', spared: 'They have ended, so nothing is left to cancel' },
  retry: { verb: 'Retry', done: 'retried', spared: 'Only a run that failed can be retried' },
} as const satisfies Record<BulkAction, object>;

const runsOf = (count: number): string => `${countOf(count)} ${count === 1 ? 'run' : 'runs'}`;

interface BulkDialogProps {
  readonly action: BulkAction;
  readonly runs: readonly Run[];
  readonly onClose: () => void;
}

/** What will be hit, and then what came of each. */
export function BulkDialog({ action, runs, onClose }: BulkDialogProps): ReactElement {
  // As they were when this was opened: what one agreed to must not change meanwhile.
  const [{ hit, spared }] = useState(() => planOf(action, runs));
  const keys = useMemo(() => new Map(hit.map(({ runId }) => [runId, newKey()])), [hit]);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [isAtWork, setAtWork] = useState(false);
  const [reason, setReason] = useState('');
  const all = [...outcomes.values()];
  const refused = hit.filter(({ runId }) => outcomes.get(runId)?.status === 'refused');
  const done = all.filter(({ status }) => status === 'done').length;
  const { verb, ...words } = WORDS[action];

  const start = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    setAtWork(true);
    const tell = (runId: string, outcome: Outcome): void =>
      setOutcomes((before) => new Map([...before, [runId, outcome]]));
    await carryOut(action, outcomes.size === 0 ? hit : refused, { keys, reason: reason.trim() }, tell);
    setAtWork(false);
  };
  const isBegun = outcomes.size > 0;

  return (
    <Dialog
      title={`${verb} ${runsOf(hit.length)}`}
      description={
        hit.length === 0
          ? `Nothing would happen. ${words.spared}.`
          : `Each is asked for on its own, and recorded with your name.`
      }
      isOpen
      isWide
      onClose={onClose}
    >
      <form onSubmit={(event) => void start(event)} className="space-y-3">
        <RunsList label={`To be ${words.done}`} runs={hit} outcomes={outcomes} />
        {spared.length === 0 ? null : (
          <details>
            <summary className="text-quiet">
              {runsOf(spared.length)} left as {spared.length === 1 ? 'it is' : 'they are'}. {words.spared}.
            </summary>
            <RunsList label="Left as they are" runs={spared} outcomes={new Map()} />
          </details>
        )}
        {hit.length === 0 || isBegun ? null : (
          <TextField
            label="Reason"
            hint="Stands in the log of each run. May be left empty."
            value={reason}
            maxLength={500}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
        <Progress done={done} of={hit.length} refused={refused.length} isBegun={isBegun} isAtWork={isAtWork} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{isBegun || hit.length === 0 ? 'Close' : 'Leave it'}</Button>
          {hit.length === 0 || (isBegun && refused.length === 0) ? null : (
            <Button type="submit" kind={action === 'cancel' ? 'danger' : 'main'} disabled={isAtWork}>
              {isBegun ? `Try ${runsOf(refused.length)} again` : `${verb} ${runsOf(hit.length)}`}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

interface ProgressProps {
  readonly done: number;
  readonly of: number;
  readonly refused: number;
  readonly isBegun: boolean;
  readonly isAtWork: boolean;
}

/** It is there from the beginning: what changes in it is read out. */
const Progress = ({ done, of, refused, isBegun, isAtWork }: ProgressProps): ReactElement => (
  <p role="status">
    {isBegun ? `${countOf(done)} of ${countOf(of)} taken` : ''}
    {refused === 0 ? '' : `, ${countOf(refused)} refused`}
    {isAtWork ? ' …' : ''}
  </p>
);

interface RunsListProps {
  readonly label: string;
  readonly runs: readonly Run[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

const RunsList = ({ label, runs, outcomes }: RunsListProps): ReactElement | null =>
  runs.length === 0 ? null : (
    <ul
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keys too
      tabIndex={0}
      className="max-h-[35vh] divide-y divide-line overflow-auto rounded border border-line"
    >
      {runs.map((run) => {
        const outcome = outcomes.get(run.runId);
        return (
          <li key={run.runId} className="flex flex-wrap items-center gap-2 px-2 py-1">
            <Status status={run.status} />
            <span className="min-w-0 flex-1 truncate">{titleOfRun(run)}</span>
            <span className="text-quiet">{seen(run.workflow)}</span>
            <OutcomeOf outcome={outcome} />
          </li>
        );
      })}
    </ul>
  );

function OutcomeOf({ outcome }: { readonly outcome: Outcome | undefined }): ReactElement | null {
  switch (outcome?.status) {
    case 'doing':
      return <span className="text-busy">asked …</span>;
    case 'done':
      return <span className="text-good">taken</span>;
    case 'refused':
      return <span className="w-full text-bad break-words">{seen(outcome.why)}</span>;
    default:
      return null;
  }
}
