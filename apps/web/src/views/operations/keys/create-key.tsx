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
import { keyInForm, ROLES } from './key-in-form.js';

/** A form for a key; the key itself is shown once. */
export function CreateKey(): ReactElement {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const keyFor = useRequestKey();
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: (body: Schemas['CreateApiKey']) =>
      api().post('/v1/auth/keys', { body, params: { header: { 'Idempotency-Key': keyFor(body) } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationsKey('keys') }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(keyInForm(new FormData(event.currentTarget)));
  };
  const close = (): void => {
    setOpen(false);
    reset();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>New key</Button>
      <Dialog title="New key" isOpen={isOpen} onClose={close}>
        {data === undefined ? (
          <form onSubmit={submit} className="space-y-3">
            <TextField
              label="Name"
              name="name"
              required
              hint="Small letters, digits, dots and dashes; it stands in the log."
            />
            <fieldset>
              <legend className="mb-1 font-medium">Roles</legend>
              <div className="flex flex-wrap gap-x-4 gap-y-1">
                {ROLES.map((role) => (
                  <label key={role} className="flex items-center gap-1.5">
                    <input type="checkbox" name="roles" value={role} defaultChecked={role === 'viewer'} />
                    {role}
                  </label>
                ))}
              </div>
            </fieldset>
            <TextField
              label="Workflows"
              name="workflows"
              hint="The runs that it is for: names with a comma between; empty for all."
            />
            <TextField label="Person" name="for" hint="Whose it is, where policies tell people apart." />
            <TextField
              label="Days"
              name="days"
              type="number"
              min={1}
              max={3650}
              hint="After which it ends; empty for never."
            />
            <Refused error={error} />
            <Button kind="main" type="submit" disabled={isPending}>
              Create
            </Button>
          </form>
        ) : (
          <>
            <Secret label={`The key ${data.name}`} secret={data.key} />
            <p className="mt-3 text-right">
              <Button onClick={close}>Done</Button>
            </p>
          </>
        )}
      </Dialog>
    </>
  );
}
