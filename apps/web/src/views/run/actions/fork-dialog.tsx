import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { TextArea, TextField } from '../../../parts/field.js';
import { type ForkPoint, forkPoint } from './fork-point.js';
import { MadeRun, useMadeRun } from './made-run.js';
import { RequestForm } from './request-form.js';
import { editable, typedJson, typedLabels, typedObject } from './typed-json.js';
import { useRequest } from './use-request.js';

interface ForkDialogProps {
  readonly run: Pick<Schemas['RunDetail'], 'runId' | 'version' | 'workflow'>;
  readonly isOpen: boolean;
  /** The event after which the fork goes on, by its version; it can be changed in the dialog. */
  readonly atVersion: number;
  readonly onClose: () => void;
}

/**
 * Begins a new run with the state that this one had after an event, with variables or an input otherwise, and goes to it.
 * Offer it only where `useMayFork(run)` of use-may.ts says so; the dialog may stay mounted while it is closed.
 */
export function ForkDialog({ run, isOpen, atVersion, onClose }: ForkDialogProps): ReactElement {
  return (
    <Dialog
      title="Fork the run"
      description="Begins a new run with the state that this one had after an event, and goes on from there. This run stays as it is."
      isOpen={isOpen}
      onClose={onClose}
      isWide
    >
      <ForkForm key={atVersion} run={run} atVersion={atVersion} onClose={onClose} />
    </Dialog>
  );
}

type Body = Schemas['ForkRunBody'];

function ForkForm({ run, atVersion, onClose }: Omit<ForkDialogProps, 'isOpen'>): ReactElement {
  const [at, setAt] = useState(String(atVersion));
  const [input, setInput] = useState('');
  const [set, setSet] = useState('');
  const [labels, setLabels] = useState('');
  const { made, go, onAccepted } = useMadeRun(onClose);
  const request = useRequest(
    (body: Body, key) =>
      api().post('/v1/runs/{id}/fork', {
        params: { path: { id: run.runId }, header: { 'Idempotency-Key': key } },
        body,
      }),
    onAccepted,
  );
  const version = /^\d+$/.test(at) ? Number(at) : 0;
  const isVersionWrong = version < 1 || version > run.version;
  const { data: point } = useQuery({
    queryKey: ['fork-point', run.runId, version],
    queryFn: async ({ signal }) => {
      const params = { path: { id: run.runId }, query: { at: version } };
      return forkPoint((await api().get('/v1/runs/{id}/state', { params, signal })).state);
    },
    enabled: !isVersionWrong,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const typed = { input: typedJson(input), set: typedObject(set), labels: typedLabels(labels) };
  const isWrong =
    isVersionWrong || typed.input.is === 'wrong' || typed.set.is === 'wrong' || typed.labels.wrong !== null;
  const send = (): void => {
    const body: Record<string, unknown> = { at: version };
    if (typed.input.is === 'value') body.input = typed.input.value;
    if (typed.set.is === 'value') body.set = typed.set.value;
    if (labels.trim() !== '') body.labels = typed.labels.labels;
    // What was typed is JSON; the gateway judges the rest of it.
    request.mutate(body as Body);
  };
  if (made !== null) return <MadeRun made={made} onGo={() => go(made)} />;
  return (
    <RequestForm
      verb="Fork"
      isWrong={isWrong}
      isSending={request.isPending}
      error={request.error}
      onSend={send}
      onClose={onClose}
    >
      <TextField
        label="After event"
        inputMode="numeric"
        value={at}
        onChange={(event) => setAt(event.target.value)}
        hint={goesOnText(point)}
        error={isVersionWrong ? `Give a number from 1 to ${run.version}.` : undefined}
      />
      <TextArea
        label="Another input, as JSON"
        rows={6}
        className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
        value={input}
        onChange={(event) => setInput(event.target.value)}
        hint={point?.whyNoInput ?? 'Left empty, the state that goes on keeps what it was given.'}
        error={typed.input.is === 'wrong' ? typed.input.reason : undefined}
      />
      {point?.goesOn == null || input !== '' ? null : (
        <Button onClick={() => setInput(editable(point.goesOn?.input))}>Begin with the input that it had</Button>
      )}
      <TextArea
        label="Variables to set, as a JSON object"
        rows={3}
        className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
        value={set}
        onChange={(event) => setSet(event.target.value)}
        hint={variablesText(point)}
        error={typed.set.is === 'wrong' ? typed.set.reason : undefined}
      />
      <TextArea
        label="Labels of the new run"
        rows={2}
        placeholder="key=value"
        value={labels}
        onChange={(event) => setLabels(event.target.value)}
        error={typed.labels.wrong ?? undefined}
      />
    </RequestForm>
  );
}

function goesOnText(point: ForkPoint | undefined): string {
  if (point === undefined) return 'Looking at the state there …';
  if (point.goesOn === null) return point.whyNoInput ?? '';
  return point.goesOn.state === null
    ? 'The new run begins from its first state.'
    : `The new run goes on with the state ${point.goesOn.state}.`;
}

function variablesText(point: ForkPoint | undefined): string {
  const names = Object.keys(point?.variables ?? {});
  if (names.length === 0) return 'There is no variable there.';
  const shown = names.slice(0, 40).join(', ');
  return `There are: ${shown}${names.length > 40 ? ` and ${names.length - 40} more` : ''}.`;
}
