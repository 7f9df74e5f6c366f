import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { seen } from '../../../parts/plain-text.js';
import { Refused } from '../../../parts/refused.js';
import { countOf, durationOf } from '../../../parts/spans.js';
import { Titled } from '../../../parts/titled.js';
import { CheckResult } from './check-result.js';

const PATIENCE_MS = 600_000;

interface OfRun {
  readonly run: string | undefined;
}

const queryOf = (run: string | undefined): { readonly params: { readonly query: { readonly run?: string } } } => ({
  params: { query: run === undefined ? {} : { run } },
});

const whatOf = (run: string | undefined): string => (run === undefined ? 'the whole log' : 'this run');

/** That nothing of the log was changed since it was written and signed. */
export function VerifyLog({ run }: OfRun): ReactElement {
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => api().get('/v1/audit/verify', { ...queryOf(run), timeoutMs: PATIENCE_MS }),
  });
  return (
    <Titled
      title="Verify"
      note={`Recomputes the hashes of ${whatOf(run)} and holds them against what was signed and published.`}
      actions={
        <span data-print="no">
          <Button kind="main" disabled={isPending} onClick={() => mutate()}>
            {isPending ? 'Verifying…' : 'Verify now'}
          </Button>
        </span>
      }
    >
      <Refused error={error} />
      {data === undefined ? null : (
        <CheckResult holds={data.verified} word={data.verified ? 'Unchanged.' : 'Changed.'} tone="good">
          {countOf(data.events)} events of {countOf(data.runs)} runs.{' '}
          {data.problem === null ? '' : `The first mismatch: ${seen(data.problem)}`}
          {data.signed === undefined
            ? ''
            : `${countOf(data.signed.events)} of them are signed, in ${countOf(data.signed.checkpoints)} checkpoints.`}
        </CheckResult>
      )}
    </Titled>
  );
}

/** That the recorded facts lead to the recorded decisions, when they are decided again. */
export function RerunLog({ run }: OfRun): ReactElement {
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => api().get('/v1/audit/replay', { ...queryOf(run), timeoutMs: PATIENCE_MS }),
  });
  const fault = data?.fault ?? null;
  return (
    <Titled
      title="Re-run"
      note={`Decides ${whatOf(run)} again, event by event, and compares. Nothing is sent to anybody.`}
      actions={
        <span data-print="no">
          <Button disabled={isPending} onClick={() => mutate()}>
            {isPending ? 'Deciding again…' : 'Re-run now'}
          </Button>
        </span>
      }
    >
      <Refused error={error} />
      {data === undefined ? null : (
        <CheckResult holds={data.verified} word={data.verified ? 'Decided alike.' : 'Decided otherwise.'} tone="busy">
          {countOf(data.events)} events of {countOf(data.runs)} runs in {durationOf(data.durationMs)}.{' '}
          {fault === null
            ? ''
            : `The first: event ${fault.version} of run ${seen(fault.runId)}: ${seen(fault.problem)}`}
        </CheckResult>
      )}
    </Titled>
  );
}
