import type { Conflict } from '@baton/event-store';
import type { Shares } from '../shares.js';
import type { BatcherPorts } from './batcher-ports.js';
import { countBatch } from './count-batch.js';
import type { Decided, Waiting } from './decide-messages.js';
import { isWorthAnother } from './is-worth-another.js';
import { isolate } from './put-aside.js';
import type { RunCache } from './run-cache.js';
import { endTurns } from './turn-span.js';

/** Where a batch is written, and who decides again. */
interface WritingPorts
  extends Pick<
    BatcherPorts,
    'store' | 'dispatchedSeq' | 'along' | 'dispatch' | 'onCommitted' | 'log' | 'monotonicMs' | 'metrics'
  > {
  readonly cache: RunCache;
  readonly shares: Pick<Shares, 'onRungs' | 'written'>;
  /** These are to be decided again, before what waits. */
  readonly again: (members: readonly Waiting[]) => void;
}

/**
 * Writes a batch in one transaction. The append is all or nothing: when it names offenders, they are decided again on fresh state,
 * and the rest is appended again at once. Settles each message or has it decided again; does not reject.
 */
export async function writeBatch(batch: readonly Decided[], ports: WritingPorts): Promise<void> {
  try {
    await append(batch, ports);
  } catch (thrown) {
    // Whether the transaction was written is not known when its answer was lost: the cached states may be behind.
    for (const { advance } of batch) {
      ports.cache.evict(advance.runId);
      endTurns(advance.turns, 'again');
    }
    const members = batch.flatMap(({ effective, ignored }) => [...effective, ...ignored]);
    ports.again(await isolate(members, thrown, ports));
  }
}

async function append(batch: readonly Decided[], ports: WritingPorts): Promise<void> {
  let rest = batch;
  while (rest.length > 0) {
    const advances = rest.map(({ advance }) => advance);
    const items = ports.shares.onRungs(advances);
    const along = ports.along?.(items) ?? null;
    const result = await timed(ports, items.length, () => ports.store.append(ports.dispatchedSeq(), items, along));
    if (!result.ok) {
      rest = withoutOffenders(rest, result.conflicts, ports);
      continue;
    }
    if (ports.metrics !== undefined) countBatch(rest, ports.metrics);
    for (const { advance, effective, ignored } of rest) {
      ports.cache.put(advance.runId, advance);
      endTurns(advance.turns, 'committed');
      for (const waiting of effective) waiting.settle('committed');
      for (const waiting of ignored) waiting.settle('ignored');
    }
    ports.shares.written(advances);
    ports.dispatch(result.commands, along !== null);
    ports.onCommitted?.(advances, result.commands);
    return;
  }
}

async function timed<T extends { readonly ok: boolean }>(
  { monotonicMs, metrics }: WritingPorts,
  advances: number,
  append: () => Promise<T>,
): Promise<T> {
  if (metrics === undefined) return append();
  const beganMs = monotonicMs();
  let ok = false;
  try {
    const result = await append();
    ok = result.ok;
    return result;
  } finally {
    metrics.appended({ advances, seconds: (monotonicMs() - beganMs) / 1000, ok });
  }
}

/** That its run begins has no place: it is told so, and all else about it is decided on the run that has not begun. */
function turnedAway({ message, settle }: Waiting): boolean {
  const isBeginning = message.order.type === 'StartRun' || message.order.type === 'ForkRun';
  if (isBeginning) settle('no-place');
  return isBeginning;
}

function withoutOffenders(
  decided: readonly Decided[],
  conflicts: readonly Conflict[],
  { cache, again }: WritingPorts,
): readonly Decided[] {
  const offending = Map.groupBy(conflicts, (conflict) => conflict.index);
  const members: Waiting[] = [];
  for (const [index, reasons] of offending) {
    const item = decided[index];
    if (item === undefined) throw new Error(`append named item ${index} of a batch of ${decided.length}`);
    endTurns(item.advance.turns, 'again');
    cache.evict(item.advance.runId);
    const of = (reason: Conflict['reason']) =>
      new Set(reasons.filter((c) => c.reason === reason).map(({ key }) => key));
    const [repeated, unseen] = [of('request-seen'), of('must-look-up')];
    const all = [...item.effective, ...item.ignored];
    const rest = of('no-place').size === 0 ? all : all.filter((one) => !turnedAway(one));
    members.push(...rest.filter((one) => isWorthAnother(one, repeated, unseen)));
  }
  again(members);
  return decided.filter((_, index) => !offending.has(index));
}
