import type { Schemas } from '../../../api/api.js';

type Worker = Schemas['WorkerView'];

export interface Kind {
  readonly kind: string;
  readonly description: string;
  readonly workers: readonly Worker[];
  readonly living: number;
  /** Of those, who take no more tasks. */
  readonly draining: number;
  /** Tasks in work, of those that live, and as many as there may be, of those that take some. */
  readonly load: number;
  readonly room: number;
}

/** The word for what a worker does: one that takes no more tasks lives, and is as good as gone. */
export const stateOf = ({ status, isDraining }: Pick<Worker, 'status' | 'isDraining'>): string =>
  status === 'alive' && isDraining ? 'draining' : status;

const ORDER: readonly Worker['status'][] = ['alive', 'silent', 'stopped'];

/** Kinds in their order, in each those that live first, then the newest. */
export function byKind(workers: readonly Worker[]): readonly Kind[] {
  const kinds = [...Map.groupBy(workers, ({ kind }) => kind)].toSorted(([a], [b]) => a.localeCompare(b));
  return kinds.map(([kind, of]) => {
    const sorted = of.toSorted(
      (a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || b.startedAt.localeCompare(a.startedAt),
    );
    const living = sorted.filter(({ status }) => status === 'alive');
    return {
      kind,
      description: sorted[0]?.description ?? '',
      workers: sorted,
      living: living.length,
      load: living.reduce((sum, { load }) => sum + load, 0),
      draining: living.filter(({ isDraining }) => isDraining).length,
      room: living.reduce((sum, { concurrency, isDraining }) => sum + (isDraining ? 0 : concurrency), 0),
    };
  });
}
