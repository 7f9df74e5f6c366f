import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Refused } from '../../../parts/refused.js';
import { countOf } from '../../../parts/spans.js';
import { Card, Verdict } from './card.js';
import { RunField } from './run-field.js';

/** A log of a million events takes a quarter of a minute. */
const LONG_MS = 900_000;

/** Reads everything that was written, and holds it against what was signed. */
export function VerifyCard(): ReactElement {
  const [run, setRun] = useState('');
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () =>
      api().get('/v1/audit/verify', { params: { query: run === '' ? {} : { run } }, timeoutMs: LONG_MS }),
  });
  return (
    <Card
      title="Verify"
      action={
        <Button disabled={isPending} onClick={() => mutate()}>
          {isPending ? 'Verifying …' : 'Verify now'}
        </Button>
      }
    >
      <RunField value={run} onChange={setRun} />
      {data === undefined ? null : (
        <Verdict isGood={data.verified}>
          {data.verified
            ? `${countOf(data.events)} events of ${countOf(data.runs)} runs are what was written${data.signed === undefined ? '; no checkpoint is published to hold them against' : `, held against ${countOf(data.signed.checkpoints)} published checkpoints`}.`
            : data.problem}
        </Verdict>
      )}
      <Refused error={error} />
    </Card>
  );
}
