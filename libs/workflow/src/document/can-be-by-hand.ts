import type { WorkerKind } from '@baton/contracts';

/** Their work is proven by what they ran themselves: nobody's word stands for that. */
const NEVER: ReadonlySet<WorkerKind> = new Set(['deployer']);

/** Whether a person can do the work of a worker by hand. */
export const canBeByHand = (kind: WorkerKind): boolean => !NEVER.has(kind);
