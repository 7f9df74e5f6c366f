import type { Schemas } from '../../../api/api.js';

type Worker = Schemas['WorkerView'];

export interface Kind {
  readonly kind: string;
  readonly description: string;
  readonly workers: readonly Worker[];
  readonly living: number;
  /** Tasks in work, and as many as there may be, of those that live. */
  readonly load: number;
  readonly room: number;
}

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
      room: living.reduce((sum, { concurrency }) => sum + concurrency, 0),
    };
  });
}
