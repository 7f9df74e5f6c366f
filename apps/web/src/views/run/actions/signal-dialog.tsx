import { type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Dialog } from '../../../parts/dialog.js';
import { TextArea, TextField } from '../../../parts/field.js';
import { RequestForm } from './request-form.js';
import { typedJson } from './typed-json.js';
import { useRequest } from './use-request.js';

interface SignalDialogProps {
  readonly run: Pick<Schemas['RunDetail'], 'runId' | 'waitingFor'>;
  readonly onClose: () => void;
}

type Body = Schemas['SignalBody'];

/** Sends a signal; the one that the run waits for is what the form begins with. Shown only while it is open. */
export function SignalDialog({ run, onClose }: SignalDialogProps): ReactElement {
  const awaited = run.waitingFor.flatMap((each) => (each.kind === 'signal' ? [each.name] : []));
  const [name, setName] = useState(awaited[0] ?? '');
  const [data, setData] = useState('');
  const request = useRequest(
    (body: Body, key) =>
      api().post('/v1/runs/{id}/signals', {
        params: { path: { id: run.runId }, header: { 'Idempotency-Key': key } },
        body,
      }),
    onClose,
  );
  const typed = typedJson(data);
  const send = (): void => {
    const body: Record<string, unknown> = { name };
    if (typed.is === 'value') body.data = typed.value;
    request.mutate(body as Body);
  };
  return (
    <Dialog
      title="Send a signal"
      description="The run takes it where a state waits for a signal of that name; until then it is kept."
      isOpen
      onClose={onClose}
    >
      <RequestForm
        verb="Send the signal"
        isWrong={name.trim() === '' || typed.is === 'wrong'}
        isSending={request.isPending}
        error={request.error}
        onSend={send}
        onClose={onClose}
      >
        <TextField
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint={awaited.length === 0 ? 'No state waits for a signal now.' : `The run waits for ${awaited.join(', ')}.`}
        />
        <TextArea
          label="Data, as JSON"
          rows={5}
          className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
          value={data}
          onChange={(event) => setData(event.target.value)}
          hint="May be left empty."
          error={typed.is === 'wrong' ? typed.reason : undefined}
        />
      </RequestForm>
    </Dialog>
  );
}
