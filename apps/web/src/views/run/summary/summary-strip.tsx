import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { Status } from '../../../parts/status.js';
import { Text } from '../../../parts/text.js';
import { RunActions } from '../actions/run-actions.js';
import type { TabProps } from '../run-tabs.js';
import { shortId } from '../run-title.js';
import { CopyMenu } from './copy-menu.js';
import { ExportMenu } from './export-menu.js';
import { RunFacts } from './run-facts.js';
import { WaitList } from './wait-list.js';

const route = getRouteApi('/shell/runs/$runId');

/** What a run is, how it stands, what it waits for and what can be done: always in sight; on a narrow screen its first line. */
export function SummaryStrip({ run }: TabProps): ReactElement {
  const { event } = route.useSearch();
  return (
    <section
      aria-label="Summary of the run"
      className="max-sm:contents sm:sticky sm:top-12 sm:z-10 sm:-mx-4 sm:-mt-4 sm:mb-1 sm:space-y-1 sm:border-b sm:border-line sm:bg-ground sm:px-4 sm:py-2"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 max-sm:sticky max-sm:top-12 max-sm:z-10 max-sm:-mx-4 max-sm:-mt-4 max-sm:border-b max-sm:border-line max-sm:bg-ground max-sm:px-4 max-sm:py-1">
        <h1 className="flex min-w-0 items-baseline gap-2 text-lg font-semibold">
          <Link
            to="/workflows/$ref"
            params={{ ref: `${run.workflow}@${run.workflowVersion}` }}
            className="truncate hover:underline"
          >
            {run.workflow}
            <span className="font-normal text-quiet">@{run.workflowVersion}</span>
          </Link>
          <span className="font-normal text-quiet">{shortId(run.runId)}</span>
          {run.title === null ? null : <span className="truncate font-normal max-sm:hidden">{seen(run.title)}</span>}
        </h1>
        <Status status={run.status} />
        <Where run={run} />
        <span data-print="no" className="ml-auto flex flex-wrap gap-1">
          <CopyMenu run={run} />
          <ExportMenu run={run} />
          <RunActions run={run} event={event} />
        </span>
      </div>
      <RunFacts run={run} />
      <Failure run={run} />
      <WaitList run={run} />
    </section>
  );
}

/** Which of its states are open, by the names of its steps. */
function Where({ run: { currentStates, steps, endedAt } }: TabProps): ReactElement | null {
  if (endedAt !== null || currentStates.length === 0) return null;
  const names = currentStates.map((state) => steps.findLast((step) => step.state === state)?.title ?? state);
  const shown = names.slice(0, 3).map(seen).join(', ');
  return (
    <span className="text-quiet max-sm:hidden">
      at {shown}
      {names.length > 3 ? ` and ${names.length - 3} more` : ''}
    </span>
  );
}

const SHORT = 200;

function Failure({ run: { error, cause, status } }: TabProps): ReactElement | null {
  if (error === null && (cause === null || cause === '')) return null;
  const isShort = cause === null || (cause.length <= SHORT && !cause.includes('\n'));
  return (
    <div className={status === 'cancelled' ? 'text-quiet' : 'text-bad'}>
      <p className="break-words">
        <strong className="font-semibold">{seen(error ?? '')}</strong>
        {isShort && cause !== null && cause !== '' ? ` ${seen(cause)}` : ''}
      </p>
      {isShort || cause === null ? null : (
        <details>
          <summary className="cursor-pointer truncate">{seen(cause.slice(0, SHORT))} …</summary>
          <Text text={cause} label="Cause" />
        </details>
      )}
    </div>
  );
}
