import { useMutation } from '@tanstack/react-query';
import type { FormEvent, ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { TextField } from '../../../parts/field.js';
import { Refused } from '../../../parts/refused.js';
import { Text } from '../../../parts/text.js';
import { Card } from './card.js';

/** That one event is in the signed log, for somebody who has nothing but the public key. */
export function ProveCard(): ReactElement {
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (query: { readonly run: string; readonly event: number }) =>
      api().get('/v1/audit/prove', { params: { query } }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    mutate({ run: String(form.get('run') ?? '').trim(), event: Number(form.get('event')) });
  };
  return (
    <Card title="Prove an event">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3" data-print="no">
        <TextField label="Run" name="run" required hint="An id or the beginning of one." />
        <TextField label="Event" name="event" type="number" min={1} required hint="Its number in the run." />
        <Button type="submit" disabled={isPending}>
          Prove
        </Button>
      </form>
      {data === undefined ? null : (
        <>
          <p className="mt-2">
            {data.event.type} at position {data.event.position}, with a path of {data.inclusion.length} hashes to the
            signed root. The command <code className="font-mono">baton audit verify --bundle</code> or the script of
            docs/audit.md checks such proofs.
          </p>
          <Text text={JSON.stringify(data, null, 2)} label="proof" />
        </>
      )}
      <Refused error={error} />
    </Card>
  );
}
