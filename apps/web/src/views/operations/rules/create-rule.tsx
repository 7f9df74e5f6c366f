import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { nameOfZone } from '../../../parts/days.js';
import { Select, TextField } from '../../../parts/field.js';
import { CreateInDialog } from '../create-in-dialog.js';
import { ruleInForm } from './rule-in-form.js';
import { RULES } from './rule-queries.js';

const HERE = nameOfZone('local');

/** A form for a rule: whom to tell, of what, and when not. */
export function CreateRule(): ReactElement {
  const [type, setType] = useState('email');
  return (
    <CreateInDialog
      title="New rule"
      queryKey={RULES}
      read={ruleInForm}
      create={(body, key) =>
        api().post('/v1/notification-rules', { body, params: { header: { 'Idempotency-Key': key } } })
      }
    >
      <TextField label="Name" name="name" required placeholder="team-red" hint="Small letters, digits, dashes." />
      <Select label="Tells" name="type" value={type} onChange={(event) => setType(event.currentTarget.value)}>
        <option value="email">By mail</option>
        <option value="slack">In a channel</option>
      </Select>
      {type === 'email' ? (
        <TextField label="Addresses" name="to" required hint="With a comma between." />
      ) : (
        <TextField
          label="Variable with the address of the channel"
          name="urlFrom"
          required
          placeholder="BATON_NOTIFY_TEAM_RED"
          hint="Of the orchestrators’ environment: the address is a secret, and stays there."
        />
      )}
      <TextField label="Workflows" name="workflows" hint="Names with a comma between; empty for all." />
      <TextField
        label="Together, each so many minutes"
        name="digest"
        type="number"
        min={0}
        max={1440}
        defaultValue={0}
        hint="0: each at once."
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField label="Quiet from" name="from" type="time" hint={`In ${HERE}; empty for never.`} />
        <TextField label="Quiet to" name="until" type="time" />
      </div>
      <TextField
        label="Approvals again, each so many minutes"
        name="remind"
        type="number"
        min={5}
        max={10080}
        hint="While nobody has answered, three times; empty for never."
      />
    </CreateInDialog>
  );
}
