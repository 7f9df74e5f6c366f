import { randomUUID } from 'node:crypto';
import { CommandId, JsonObject, RunId, resultJobId, resultsQueue, toError } from '@baton/contracts';
import { letterSent, lettersToSend, openCommand, releaseRun, type StoredDeadLetter } from '@baton/event-store';
import type { Messaging } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Dispatcher } from '../dispatcher.js';
import type { HubStore } from '../hub-store.js';

const PAGE = 100;

export interface LetterPorts {
  readonly pool: Pool;
  readonly store: Pick<HubStore, 'bumpDispatch'>;
  readonly dispatcher: Pick<Dispatcher, 'send' | 'nonceOf'>;
  readonly publish: Messaging['publish'];
  readonly log: Logger;
}

/**
 * Takes up again the dead letters that somebody asked it for: what only a hub may do. Done twice, by two hubs or by one that
 * was killed before it noted that it had, it changes nothing: a task has its token, and a run is released or it is not.
 */
export async function takeUpLetters(ports: LetterPorts): Promise<void> {
  for (const letter of await lettersToSend(ports.pool, PAGE)) {
    try {
      await takeUp(letter, ports);
      await letterSent(ports.pool, letter.id);
      ports.log.info({ deadLetterId: letter.id, source: letter.source }, 'dead letter taken up again');
    } catch (thrown) {
      // One that makes trouble must not hold up those behind it.
      ports.log.warn({ deadLetterId: letter.id, err: toError(thrown) }, 'dead letter not taken up, a later round will');
    }
  }
}

async function takeUp(letter: StoredDeadLetter, ports: LetterPorts): Promise<void> {
  const { source, name, message, commandId } = letter;
  if (source === 'hub') {
    const runId = RunId.safeParse(letter.runId);
    if (runId.success) await releaseRun(ports.pool, runId.data);
    return;
  }
  if (source.startsWith('results-')) {
    const data = JsonObject.parse(JSON.parse(message));
    // The lane that it came by may be nobody's by now.
    const runId = RunId.safeParse(data.runId);
    const queue = runId.success ? resultsQueue(runId.data) : source;
    await ports.publish(queue, [{ jobId: jobIdFor(data, ports), name, data }]);
    return;
  }
  const command = commandId === undefined ? null : await openCommand(ports.pool, commandId);
  if (command === null) return;
  // Null where another hub, or the sweep, was faster: then it is sent out already.
  const dispatchNo = await ports.store.bumpDispatch(command.commandId, command.dispatchNo);
  if (dispatchNo !== null) await ports.dispatcher.send([{ ...command, dispatchNo }]);
}

const Answer = z.object({ commandId: CommandId, dispatchNo: z.int() });

/** An id that nobody can know before, so that nothing can wait under it. Of an answer it begins as its own would: somebody vouches for it. */
function jobIdFor(data: JsonObject, { dispatcher }: Pick<LetterPorts, 'dispatcher'>): string {
  const answer = Answer.safeParse(data);
  if (!answer.success) return `l-${randomUUID()}`;
  const { commandId, dispatchNo } = answer.data;
  return `${resultJobId(commandId, dispatchNo, dispatcher.nonceOf({ commandId, dispatchNo }))}-${randomUUID()}`;
}
