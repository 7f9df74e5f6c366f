import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { nameOfZone } from '../../../parts/days.js';
import { Select, TextArea, TextField } from '../../../parts/field.js';
import { CreateInDialog } from '../create-in-dialog.js';
import { scheduleInForm } from './schedule-in-form.js';
import { SCHEDULES } from './schedule-queries.js';

const HERE = nameOfZone('local');

/** A form for a schedule: of what, and when. */
export function CreateSchedule(): ReactElement {
  const [type, setType] = useState('cron');
  const [wrong, setWrong] = useState<string>();
  const read = (form: FormData) => {
    const said = scheduleInForm(form);
    setWrong('problem' in said ? said.problem : undefined);
    return 'body' in said ? said.body : null;
  };
  return (
    <CreateInDialog
      title="New schedule"
      queryKey={SCHEDULES}
      read={read}
      create={(body, key) => api().post('/v1/schedules', { body, params: { header: { 'Idempotency-Key': key } } })}
      onClose={() => setWrong(undefined)}
    >
      <TextField label="Name" name="name" required placeholder="nightly-report" hint="Small letters, digits, dashes." />
      <Select label="When" name="type" value={type} onChange={(event) => setType(event.currentTarget.value)}>
        <option value="cron">By a cron expression</option>
        <option value="interval">At an interval</option>
        <option value="at">Once</option>
      </Select>
      {type === 'cron' ? (
        <>
          <TextField
            label="Expression"
            name="expression"
            required
            placeholder="0 6 * * 1-5"
            hint="Minute, hour, day of the month, month, day of the week."
          />
          <TextField label="Time zone" name="timeZone" required defaultValue={HERE} />
        </>
      ) : null}
      {type === 'interval' ? (
        <TextField label="Seconds" name="seconds" type="number" required min={10} defaultValue={3600} />
      ) : null}
      {type === 'at' ? <TextField label="At" name="at" type="datetime-local" required hint={`In ${HERE}.`} /> : null}
      <TextField label="Workflow" name="workflow" required placeholder="seven-step" hint="A name, or name@version." />
      <TextArea
        label="Input"
        name="input"
        rows={4}
        defaultValue="{}"
        spellCheck={false}
        hint="An object, as JSON."
        error={wrong}
      />
      <Select label="While its last run is under way" name="overlap" defaultValue="skip">
        <option value="skip">The new one is left out</option>
        <option value="queue">The new one waits</option>
        <option value="allow">Both run</option>
      </Select>
      <Select label="What nobody was there for" name="policy" defaultValue="last">
        <option value="last">The last one is started</option>
        <option value="skip">Nothing is started</option>
        <option value="all">The last ten are started</option>
      </Select>
    </CreateInDialog>
  );
}
