import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { TextField } from '../../../parts/field.js';
import { Secret } from '../../../parts/secret.js';
import { CreateInDialog } from '../create-in-dialog.js';
import { keyInForm, ROLES } from './key-in-form.js';

/** A form for a key; the key itself is shown once. */
export function CreateKey(): ReactElement {
  return (
    <CreateInDialog
      title="New key"
      queryKey={operationsKey('keys')}
      read={keyInForm}
      create={(body, key) => api().post('/v1/auth/keys', { body, params: { header: { 'Idempotency-Key': key } } })}
      shown={(made) => <Secret label={`The key ${made.name}`} secret={made.key} />}
    >
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
    </CreateInDialog>
  );
}
