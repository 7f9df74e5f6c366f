import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { nameOfZone } from '../../../parts/days.js';
import { Dialog } from '../../../parts/dialog.js';
import { Select, TextArea, TextField } from '../../../parts/field.js';
import { Refused } from '../../../parts/refused.js';
import { useRequestKey } from '../../../parts/request-key.js';
import { scheduleInForm } from './schedule-in-form.js';
import { SCHEDULES } from './schedule-queries.js';

const HERE = nameOfZone('local');

/** A form for a schedule: of what, and when. */
export function CreateSchedule(): ReactElement {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [type, setType] = useState('cron');
  const [wrong, setWrong] = useState<string>();
  const keyFor = useRequestKey();
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: (body: Schemas['CreateScheduleBody']) =>
      api().post('/v1/schedules', { body, params: { header: { 'Idempotency-Key': keyFor(body) } } }),
    onSuccess: async () => {
      close();
      await queries.invalidateQueries({ queryKey: SCHEDULES });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const read = scheduleInForm(new FormData(event.currentTarget));
    setWrong('problem' in read ? read.problem : undefined);
    if ('body' in read) mutate(read.body);
  };
  const close = (): void => {
    setOpen(false);
    setWrong(undefined);
    reset();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>New schedule</Button>
      <Dialog title="New schedule" isOpen={isOpen} onClose={close}>
        <form onSubmit={submit} className="space-y-3">
          <TextField
            label="Name"
            name="name"
            required
            placeholder="nightly-report"
            hint="Small letters, digits, dashes."
          />
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
          {type === 'at' ? (
            <TextField label="At" name="at" type="datetime-local" required hint={`In ${HERE}.`} />
          ) : null}
          <TextField
            label="Workflow"
            name="workflow"
            required
            placeholder="seven-step"
            hint="A name, or name@version."
          />
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
          <Refused error={error} />
          <Button kind="main" type="submit" disabled={isPending}>
            Create
          </Button>
        </form>
      </Dialog>
    </>
  );
}
