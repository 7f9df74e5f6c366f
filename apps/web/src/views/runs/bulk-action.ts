import { BatonError } from '@baton/contracts';
import { api } from '../../api/api.js';
import type { Run } from './merged-runs.js';

export type BulkAction = 'cancel' | 'retry';

/** The states in which a run can be asked for it. */
const FROM: Readonly<Record<BulkAction, readonly Run['status'][]>> = {
  cancel: ['accepted', 'running', 'paused'],
  retry: ['failed'],
};

/** What an action would hit of what was selected. */
export const planOf = (action: BulkAction, runs: readonly Run[]) => ({
  hit: runs.filter(({ status }) => FROM[action].includes(status)),
  spared: runs.filter(({ status }) => !FROM[action].includes(status)),
});

export type Outcome =
  | { readonly status: 'doing' }
  | { readonly status: 'done' }
  | { readonly status: 'refused'; readonly why: string };

/** So many requests are on their way at a time: the gateway bounds how fast somebody may ask. */
const AT_ONCE = 4;

const PATHS = { cancel: '/v1/runs/{id}/cancel', retry: '/v1/runs/{id}/retry' } as const;

/**
 * Asks for each run on its own, and tells what came of it. With the same keys it can be done again: what was taken is not taken
 * twice.
 *
 * @param keys one for each run, by its id
 */
export async function carryOut(
  action: BulkAction,
  runs: readonly Run[],
  { keys, reason }: { readonly keys: ReadonlyMap<string, string>; readonly reason: string },
  tell: (runId: string, outcome: Outcome) => void,
): Promise<void> {
  const left = [...runs];
  const work = async (): Promise<void> => {
    for (let run = left.shift(); run !== undefined; run = left.shift()) {
      tell(run.runId, { status: 'doing' });
      tell(run.runId, await ask(action, run.runId, keys.get(run.runId) ?? newKey(), reason));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function ask(action: BulkAction, id: string, key: string, reason: string): Promise<Outcome> {
  try {
    await api().post(PATHS[action], {
      params: { path: { id }, header: { 'Idempotency-Key': key } },
      body: reason === '' ? {} : { reason },
    });
    return { status: 'done' };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const next = thrown instanceof BatonError ? thrown.next : undefined;
    return { status: 'refused', why: [why, next].filter(Boolean).join(' ') };
  }
}

/** Under which a request is one, however often it is sent. `randomUUID` is there only where the page came over TLS or from this machine. */
export const newKey = (): string =>
  `web-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
