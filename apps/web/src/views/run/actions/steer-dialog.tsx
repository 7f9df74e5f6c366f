import { type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Dialog } from '../../../parts/dialog.js';
import { TextField } from '../../../parts/field.js';
import { RequestForm } from './request-form.js';
import { useRequest } from './use-request.js';

type Steering = 'cancel' | 'pause' | 'resume' | 'retry';

interface SteerDialogProps {
  readonly run: Pick<Schemas['RunDetail'], 'runId' | 'work'>;
  readonly steering: Steering;
  readonly onClose: () => void;
}

const TITLES: Readonly<Record<Steering, string>> = {
  cancel: 'Cancel the run',
  pause: 'Pause the run',
  resume: 'Resume the run',
  retry: 'Retry the run',
};

/** What it will do, so that nobody has to know. */
function whatItDoes(steering: Steering, tasks: number): string {
  const underWay = tasks === 0 ? '' : tasks === 1 ? ' One task is under way.' : ` ${tasks} tasks are under way.`;
  switch (steering) {
    case 'cancel':
      return `The run ends for good: what is under way is given up, its child runs are cancelled, and nothing of it goes on. What it cost is spent.${underWay}`;
    case 'pause':
      return `Nothing new begins in the run. What is under way is finished and kept, and acted on when the run is resumed.${underWay}`;
    case 'resume':
      return 'The run goes on from where it was paused, with what came back meanwhile.';
    case 'retry':
      return 'The run goes on from the states that failed. What is done stays done, and is not paid for again.';
  }
}

/** One of the four ways to steer a run as a whole. Shown only while it is open. */
export function SteerDialog({ run, steering, onClose }: SteerDialogProps): ReactElement {
  const [reason, setReason] = useState('');
  const path = { id: run.runId };
  const request = useRequest((body: { readonly reason?: string }, key) => {
    const params = { path, header: { 'Idempotency-Key': key } };
    switch (steering) {
      case 'cancel':
        return api().post('/v1/runs/{id}/cancel', { params, body });
      case 'pause':
        return api().post('/v1/runs/{id}/pause', { params, body });
      case 'resume':
        return api().post('/v1/runs/{id}/resume', { params, body: {} });
      case 'retry':
        return api().post('/v1/runs/{id}/retry', { params, body });
    }
  }, onClose);
  return (
    <Dialog title={TITLES[steering]} description={whatItDoes(steering, run.work.length)} isOpen onClose={onClose}>
      <RequestForm
        verb={TITLES[steering]}
        isDangerous={steering === 'cancel'}
        isSending={request.isPending}
        error={request.error}
        onSend={() => request.mutate(reason === '' ? {} : { reason })}
        onClose={onClose}
      >
        {steering === 'resume' ? null : (
          <TextField
            label="Why"
            hint="It is recorded with the event; it may be left out."
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </RequestForm>
    </Dialog>
  );
}
