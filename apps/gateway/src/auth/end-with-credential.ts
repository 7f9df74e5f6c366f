import type { ServerResponse } from 'node:http';
import { toError } from '@baton/contracts';
import { endedApiKeys } from '@baton/event-store';
import type { Pool } from 'pg';
import type { Known } from './caller.js';

const LOOK_EVERY_MS = 1_000;

interface Log {
  warn(facts: object, message: string): void;
}

export interface OpenAnswers {
  /** From now on the answer ends with the credential of whoever it is for. */
  readonly add: (response: ServerResponse, caller: Known) => void;
  readonly stop: () => void;
}

/**
 * Breaks off answers that are still being written when the key or the token of whoever they are for ends: a stream of events
 * may stay open for days. Looks each second, with one question for all of them; what is answered at once is gone by then.
 */
export function endWithCredential(pool: Pool, log: Log, nowMs: () => number): OpenAnswers {
  const open = new Map<ServerResponse, Known['credential']>();
  const end = (isOver: (credential: Known['credential']) => boolean): void => {
    for (const [response, credential] of open) if (isOver(credential)) response.destroy();
  };
  const look = async (): Promise<void> => {
    end((credential) => credential.type === 'token' && Date.parse(credential.expiresAt) <= nowMs());
    const keyIds = new Set([...open.values()].flatMap((each) => (each.type === 'key' ? [each.keyId] : [])));
    if (keyIds.size === 0) return;
    const ended = new Set(await endedApiKeys(pool, [...keyIds]));
    if (ended.size > 0) end((credential) => credential.type === 'key' && ended.has(credential.keyId));
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking || open.size === 0) return;
    isLooking = true;
    look()
      // Nobody gets more of the log than the database gives, so nothing is lost by trying again.
      .catch((thrown: unknown) => log.warn({ err: toError(thrown) }, 'whether keys are over could not be looked up'))
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_EVERY_MS).unref();
  return {
    add: (response, { credential }) => {
      if (credential.type === 'stack') return;
      open.set(response, credential);
      response.once('close', () => open.delete(response));
    },
    stop: () => clearInterval(timer),
  };
}
