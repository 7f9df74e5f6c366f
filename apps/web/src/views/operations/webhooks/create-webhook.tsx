import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { TextField } from '../../../parts/field.js';
import { Refused } from '../../../parts/refused.js';
import { useRequestKey } from '../../../parts/request-key.js';
import { Secret } from '../../../parts/secret.js';
import { wordsIn } from '../words-in.js';

/** A form for an endpoint that is told of what happens; its secret is shown once. */
export function CreateWebhook(): ReactElement {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const keyFor = useRequestKey();
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: (body: Schemas['CreateWebhookBody']) =>
      api().post('/v1/webhooks', { body, params: { header: { 'Idempotency-Key': keyFor(body) } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationsKey('webhooks') }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const workflows = wordsIn(form.get('workflows'));
    mutate({ url: String(form.get('url') ?? ''), ...(workflows.length === 0 ? {} : { workflows }) });
  };
  const close = (): void => {
    setOpen(false);
    reset();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>New webhook</Button>
      <Dialog title="New webhook" isOpen={isOpen} onClose={close}>
        {data === undefined ? (
          <form onSubmit={submit} className="space-y-3">
            <TextField
              label="Address"
              name="url"
              type="url"
              required
              placeholder="https://"
              hint="Told by POST, signed as Standard Webhooks are."
            />
            <TextField label="Workflows" name="workflows" hint="Names with a comma between; empty for all." />
            <Refused error={error} />
            <Button kind="main" type="submit" disabled={isPending}>
              Create
            </Button>
          </form>
        ) : (
          <>
            <Secret label="The secret that deliveries are signed with" secret={data.secret} />
            <p className="mt-3 text-right">
              <Button onClick={close}>Done</Button>
            </p>
          </>
        )}
      </Dialog>
    </>
  );
}
