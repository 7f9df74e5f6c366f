import type { ServerResponse } from 'node:http';
import { toError } from '@baton/contracts';
import { endedApiKeys, openWebSessions } from '@baton/event-store';
import type { Pool } from 'pg';
import type { Known } from './caller.js';

const LOOK_EVERY_MS = 1_000;

interface Log {
  warn(facts: object, message: string): void;
}

export interface OpenAnswers {
  /** From now on the answer ends with the credential of whoever it is for, and with their session. */
  readonly add: (response: ServerResponse, caller: Known) => void;
  /** A session is over: its answers end at once. */
  readonly endSession: (sessionId: string) => void;
  readonly stop: () => void;
}

type Shown = Pick<Known, 'credential' | 'session'>;

/**
 * Breaks off answers that are still being written when the key, the token or the session of whoever they are for ends: a stream of
 * events may stay open for days. Looks each second, with one question for all of them; what is answered at once is gone by then.
 */
export function endWithCredential(pool: Pool, log: Log, nowMs: () => number): OpenAnswers {
  const open = new Map<ServerResponse, Shown>();
  const end = (isOver: (shown: Shown) => boolean): void => {
    for (const [response, shown] of open) if (isOver(shown)) response.destroy();
  };
  const lookAtKeys = async (): Promise<void> => {
    const shown = [...open.values()];
    const keyIds = new Set(shown.flatMap(({ credential: each }) => (each.type === 'key' ? [each.keyId] : [])));
    if (keyIds.size === 0) return;
    const ended = new Set(await endedApiKeys(pool, [...keyIds]));
    if (ended.size > 0) end(({ credential }) => credential.type === 'key' && ended.has(credential.keyId));
  };
  const lookAtSessions = async (): Promise<void> => {
    const asked = new Set(
      [...open.values()].flatMap(({ session }) => (session === undefined ? [] : [session.sessionId])),
    );
    if (asked.size === 0) return;
    const going = new Set(await openWebSessions(pool, [...asked]));
    // What was opened meanwhile was not asked for.
    end(({ session }) => session !== undefined && asked.has(session.sessionId) && !going.has(session.sessionId));
  };
  const look = async (): Promise<void> => {
    end(({ credential }) => credential.type === 'token' && Date.parse(credential.expiresAt) <= nowMs());
    await lookAtKeys();
    await lookAtSessions();
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
    add: (response, { credential, session }) => {
      if (credential.type === 'stack' && session === undefined) return;
      open.set(response, session === undefined ? { credential } : { credential, session });
      response.once('close', () => open.delete(response));
    },
    endSession: (sessionId) => end(({ session }) => session?.sessionId === sessionId),
    stop: () => clearInterval(timer),
  };
}
