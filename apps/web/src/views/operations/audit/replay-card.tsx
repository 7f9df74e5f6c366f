import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Refused } from '../../../parts/refused.js';
import { countOf, durationOf } from '../../../parts/spans.js';
import { Text } from '../../../parts/text.js';
import { Card, Verdict } from './card.js';
import { RunField } from './run-field.js';

const LONG_MS = 900_000;

/** Every recorded command is decided again, without a model, and held against what was decided then. */
export function ReplayCard(): ReactElement {
  const [run, setRun] = useState('');
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () =>
      api().get('/v1/audit/replay', { params: { query: run === '' ? {} : { run } }, timeoutMs: LONG_MS }),
  });
  const fault = data?.fault ?? null;
  return (
    <Card
      title="Decide again"
      action={
        <Button disabled={isPending} onClick={() => mutate()}>
          {isPending ? 'Deciding …' : 'Decide again'}
        </Button>
      }
    >
      <RunField value={run} onChange={setRun} />
      {data === undefined ? null : (
        <Verdict isGood={data.verified}>
          {data.verified
            ? `${countOf(data.events)} events of ${countOf(data.runs)} runs were decided as they stand in the log, in ${durationOf(data.durationMs)}.`
            : fault?.problem}
        </Verdict>
      )}
      {fault === null ? null : (
        <div className="mt-2 space-y-2">
          <p>
            <Link
              to="/runs/$runId"
              params={{ runId: fault.runId }}
              search={{ tab: 'events', event: fault.version }}
              className="text-accent underline"
            >
              Event {fault.version} of run {fault.runId.slice(0, 8)}
            </Link>
          </p>
          <div className="grid gap-2 md:grid-cols-2">
            <Side title="In the log" side={fault.recorded} />
            <Side title="Decided again" side={fault.decided} />
          </div>
        </div>
      )}
      <Refused error={error} />
    </Card>
  );
}

interface SideProps {
  readonly title: string;
  readonly side: { readonly type: string; readonly data: unknown } | null;
}

const Side = ({ title, side }: SideProps): ReactElement => (
  <div>
    <h3 className="font-medium">
      {title}: {side?.type ?? 'nothing'}
    </h3>
    {side === null ? null : <Text text={JSON.stringify(side.data, null, 2)} label={title} />}
  </div>
);
