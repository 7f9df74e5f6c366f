import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { TextArea, TextField } from '../../../parts/field.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { MadeRun, useMadeRun } from './made-run.js';
import { Refusal, RequestForm } from './request-form.js';
import { isSealed, type Submission, submissionIn } from './submission.js';
import { editable, labelLines, typedLabels, typedObject } from './typed-json.js';
import { useRequest } from './use-request.js';

interface ResubmitDialogProps {
  readonly run: Pick<Schemas['RunDetail'], 'runId'>;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Submits the same workflow with the same input again, or with what is changed in the dialog, and goes to the new run. */
export const ResubmitDialog = ({ run, isOpen, onClose }: ResubmitDialogProps): ReactElement => (
  <Dialog
    title="Submit again"
    description="Begins a new run of the workflow from its first state. This run stays as it is."
    isOpen={isOpen}
    onClose={onClose}
    isWide
  >
    <LoadSubmission run={run} onClose={onClose} />
  </Dialog>
);

function LoadSubmission({ run, onClose }: Omit<ResubmitDialogProps, 'isOpen'>): ReactElement {
  // Opened only when it is asked for: who looked at what is about a person is on record.
  const [isOpened, setOpened] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['submission', run.runId, isOpened],
    queryFn: async ({ signal }) => {
      const query = { at: 1, ...(isOpened ? { personal: 'open' as const } : {}) };
      const { state } = await api().get('/v1/runs/{id}/state', { params: { path: { id: run.runId }, query }, signal });
      return { submission: submissionIn(state) };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: isOpened ? 0 : 60_000,
  });
  if (error !== null) return <Refusal error={error} />;
  if (data === undefined) return <Skeleton lines={6} />;
  const { submission } = data;
  if (submission === null)
    return <p role="alert">What this run was submitted with is not told. Load the page again.</p>;
  return (
    <>
      {isSealed(submission.input) ? (
        <p className="mb-3 rounded bg-warn-soft p-2 text-warn">
          Some of the input is about a person and sealed in this run: another run cannot read it.{' '}
          <Button onClick={() => setOpened(true)}>Open it</Button>
        </p>
      ) : null}
      <ResubmitForm key={String(isOpened)} submission={submission} onClose={onClose} />
    </>
  );
}

type Body = Schemas['SubmitRunBody'];

function ResubmitForm({
  submission,
  onClose,
}: {
  readonly submission: Submission;
  readonly onClose: () => void;
}): ReactElement {
  const [workflow, setWorkflow] = useState(submission.workflow);
  const [input, setInput] = useState(() => editable(submission.input));
  const [labels, setLabels] = useState(() => labelLines(submission.labels));
  const [rest, setRest] = useState(() => (Object.keys(submission.rest).length === 0 ? '' : editable(submission.rest)));
  const { made, go, onAccepted } = useMadeRun(onClose);
  const request = useRequest(
    (body: Body, key) => api().post('/v1/runs', { params: { header: { 'Idempotency-Key': key } }, body }),
    onAccepted,
  );
  const typed = { input: typedObject(input), rest: typedObject(rest), labels: typedLabels(labels) };
  const isWrong = typed.input.is !== 'value' || typed.rest.is === 'wrong' || typed.labels.wrong !== null;
  const send = (): void => {
    if (typed.input.is !== 'value') return;
    const more = typed.rest.is === 'value' ? Object(typed.rest.value) : {};
    // What was typed is JSON; the gateway judges the rest of it.
    request.mutate({ ...more, workflow, input: typed.input.value, labels: typed.labels.labels } as Body);
  };
  if (made !== null) return <MadeRun made={made} onGo={() => go(made)} />;
  return (
    <RequestForm
      verb="Submit"
      isWrong={isWrong}
      isSending={request.isPending}
      error={request.error}
      onSend={send}
      onClose={onClose}
    >
      <TextField
        label="Workflow"
        value={workflow}
        onChange={(event) => setWorkflow(event.target.value)}
        hint="Without @ and a version, the newest there is."
      />
      <TextArea
        label="Input, as a JSON object"
        rows={10}
        className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
        value={input}
        onChange={(event) => setInput(event.target.value)}
        error={typed.input.is === 'wrong' ? typed.input.reason : undefined}
      />
      <TextArea
        label="Labels"
        rows={2}
        placeholder="key=value"
        value={labels}
        onChange={(event) => setLabels(event.target.value)}
        error={typed.labels.wrong ?? undefined}
      />
      <TextArea
        label="Everything else"
        rows={4}
        className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
        value={rest}
        onChange={(event) => setRest(event.target.value)}
        hint="Priority, decisions, budget and agents, as the API takes them."
        error={typed.rest.is === 'wrong' ? typed.rest.reason : undefined}
      />
    </RequestForm>
  );
}
