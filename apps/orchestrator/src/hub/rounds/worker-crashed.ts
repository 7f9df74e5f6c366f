import { BatonErrorName } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { HubMessage } from '../message.js';

/** No worker brought a result, however often it was asked. Retryable: the state knows how often that is worth it. */
export const workerCrashed = ({ runId, commandId, dispatchNo }: CommandRow): HubMessage => ({
  runId,
  order: {
    type: 'FailTask',
    commandId,
    error: BatonErrorName.workerCrashed,
    cause: `The task was sent out ${dispatchNo + 1} times, and its worker ended each time without a result that could be read.`,
    retryable: true,
  },
  actor: { type: 'system', id: 'orchestrator' },
  causationId: commandId,
});
