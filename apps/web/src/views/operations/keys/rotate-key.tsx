import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { Refused } from '../../../parts/refused.js';
import { newKey } from '../../../parts/request-key.js';
import { Secret } from '../../../parts/secret.js';
import { Time } from '../../../parts/time.js';

const OVERLAP_SECONDS = 86_400;

/** Another key in the place of one, which goes on for a day. */
export function RotateKey({ name }: { readonly name: string }): ReactElement {
  const queries = useQueryClient();
  const [key, setKey] = useState<string | null>(null);
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: (requestKey: string) =>
      api().post('/v1/auth/keys/{name}/rotate', {
        params: { path: { name }, header: { 'Idempotency-Key': requestKey } },
        body: { overlapSeconds: OVERLAP_SECONDS },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationsKey('keys') }),
  });
  const close = (): void => {
    setKey(null);
    reset();
  };
  return (
    <>
      <Button onClick={() => setKey(newKey())}>Rotate</Button>
      <Dialog title={`Rotate the key ${name}?`} isOpen={key !== null} onClose={close}>
        {data === undefined ? (
          <p>
            A new key with the same roles is made. The one in use works for another day, so that nobody stands still.
          </p>
        ) : (
          <>
            <Secret label={`The new key ${name}`} secret={data.key} />
            <p className="mt-2">
              The one before works until <Time at={data.previousUntil} />.
            </p>
          </>
        )}
        <Refused error={error} />
        <p className="mt-4 flex justify-end gap-2">
          <Button onClick={close}>{data === undefined ? 'Do nothing' : 'Done'}</Button>
          {data === undefined ? (
            <Button kind="main" disabled={isPending} onClick={() => key !== null && mutate(key)}>
              Rotate
            </Button>
          ) : null}
        </p>
      </Dialog>
    </>
  );
}
