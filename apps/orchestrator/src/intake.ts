import {
  type Actor,
  type CancelRun,
  type RunId,
  runIdOfRequest,
  type SubmitRun,
  TerminalError,
} from '@baton/contracts';
import { type Catalog, checkInput } from '@baton/read-model';
import type { HubMessage } from './hub/message.js';

/** A direct producer's own word: what its message claims about the actor is kept, but marked by how it came. */
const DIRECT_PRODUCER: Actor = { type: 'producer', id: 'intake' };

/**
 * A submission as a message of the hub. The same request id always means the same run.
 *
 * @throws TerminalError `invalid-request`, `unknown-workflow` or `invalid-input`: the submission belongs in the dead letter.
 */
export function submission(submit: SubmitRun, catalog: Catalog): HubMessage {
  const entry = catalog.find(submit.workflow);
  if (entry === undefined) {
    throw new TerminalError(`There is no workflow ${submit.workflow}.`, {
      code: 'unknown-workflow',
      next: `Known workflows: ${catalog.names().join(', ')}.`,
    });
  }
  const findings = checkInput(entry.document, submit.input);
  if (findings.length > 0) {
    const list = findings.map(({ pointer, detail }) => `${pointer === '' ? '/' : pointer} ${detail}`).join('; ');
    throw new TerminalError(`The input does not fit workflow ${submit.workflow}: ${list}.`, { code: 'invalid-input' });
  }
  // Half a surrogate pair has no bytes, and so no id can be made of them.
  if (!submit.requestId.isWellFormed()) {
    throw new TerminalError('The request id is not well-formed Unicode.', { code: 'invalid-request' });
  }
  const runId = submit.runId ?? runIdOfRequest(submit.requestId);
  return {
    runId,
    command: {
      type: 'StartRun',
      submission: { ...submit, runId },
      document: entry.document,
      sha256: entry.sha256,
    },
    actor: submit.actor ?? DIRECT_PRODUCER,
    causationId: submit.requestId,
    requestId: submit.requestId,
  };
}

export function cancellation(cancel: CancelRun): HubMessage {
  return {
    runId: cancel.runId,
    command: { type: 'CancelRun', requestId: cancel.requestId, reason: cancel.reason ?? 'cancelled on request' },
    actor: cancel.actor ?? DIRECT_PRODUCER,
    causationId: cancel.requestId,
    requestId: cancel.requestId,
  };
}

/**
 * What a submission without effect means: null where its request began the run, by whatever way it came before.
 *
 * @param hasEffect whether the request is on record
 */
export const refusal = (runId: RunId, hasEffect: boolean): TerminalError | null =>
  hasEffect
    ? null
    : new TerminalError(`Run ${runId} exists already, begun by another request.`, {
        code: 'run-exists',
        next: 'Choose another runId, or leave it out.',
      });
