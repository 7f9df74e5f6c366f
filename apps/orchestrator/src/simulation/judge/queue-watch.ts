import { BUNDLE } from '@baton/contracts';
import type { Tables } from '../world/database/tables.js';
import type { Job, QueueServer } from '../world/queue-server.js';

interface Message {
  readonly name: string;
  readonly data: { readonly commandId?: string; readonly requestId?: string };
}

const messagesOf = ({ name, data }: Job): readonly Message[] => {
  const read = JSON.parse(data) as Message['data'] & { readonly messages?: readonly Message[] };
  return name === BUNDLE ? (read.messages ?? []) : [{ name, data: read }];
};

const RESULTS: ReadonlySet<string> = new Set(['succeeded', 'failed']);

/**
 * What is called done in a queue has had its effect, or is in the queue once more. So a message is never acknowledged before
 * its commit, and no part of a bundle goes with the others.
 */
export function lostBy(done: Job, tables: Tables, server: QueueServer): string | null {
  for (const { name, data } of messagesOf(done)) {
    if (RESULTS.has(name) && data.commandId !== undefined && tables.commands.get(data.commandId)?.name === 'task') {
      if (!isElsewhere(data.commandId, done, server))
        return `the result of ${data.commandId} was acknowledged and lost`;
    }
    if (name !== 'submit' || data.requestId === undefined) continue;
    const isKept = tables.requests.has(data.requestId) || tables.inbox.has(data.requestId);
    if (!isKept) return `the submission ${data.requestId} was acknowledged and lost`;
  }
  return null;
}

function isElsewhere(commandId: string, done: Job, server: QueueServer): boolean {
  for (const job of server.jobs) {
    const isOther = job.id !== done.id || job.queue !== done.queue || job.token !== done.token;
    if (isOther && job.state !== 'completed' && job.queue.startsWith('results-') && job.data.includes(`"${commandId}"`))
      return true;
  }
  return false;
}
