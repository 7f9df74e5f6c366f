import { RetryableError } from '@baton/contracts';
import type { BatcherPorts } from './batcher-ports.js';
import { type Asked, type DecidedRun, type Deciding, decideMessages } from './decide-messages.js';
import { notBegun } from './not-begun.js';
import { isolate, putAside } from './put-aside.js';
import type { RunCache } from './run-cache.js';

interface RunPorts extends Pick<BatcherPorts, 'store' | 'log'> {
  readonly cache: RunCache;
}

/** Decides the messages of one run. What cannot be decided is put aside; does not reject. */
export async function decideRun(asked: Asked, run: RunPorts): Promise<DecidedRun> {
  try {
    const { advance, effective, ignored, undecidable, later } = await decideOnTrueState(asked, run);
    for (const { waiting, error } of undecidable) {
      if (error instanceof RetryableError) waiting.fail(error);
      else await putAside(waiting, error, run);
    }
    if (advance !== null) return { decided: { advance, effective, ignored }, later };
    for (const waiting of ignored) waiting.settle('ignored');
    return { decided: null, later };
  } catch (thrown) {
    return { decided: null, later: await isolate(asked.members, thrown, run) };
  }
}

/**
 * That a message has no effect is only believed of a state that is true: read just now, or about to be committed. The cached one
 * may be behind, when another hub took the run further or the answer to a commit was lost. It is trusted where every message has
 * an effect on it: the append checks that nothing has changed.
 */
async function decideOnTrueState(
  { runId, members, isLate, ports }: Asked,
  { store, cache }: RunPorts,
): Promise<Deciding> {
  const cached = cache.get(runId) ?? notBegun(members);
  const onCached = cached === undefined ? null : await decideMessages(runId, cached, members, ports, isLate);
  if (onCached !== null && onCached.effective.length + onCached.later.length === members.length) return onCached;
  const fresh = await store.loadRun(runId);
  cache.put(runId, fresh);
  if (onCached !== null && fresh.version === cached?.version) return onCached;
  return decideMessages(runId, fresh, members, ports, isLate);
}
