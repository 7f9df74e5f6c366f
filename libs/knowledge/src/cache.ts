/** What a process keeps for the next task: the least used goes first, and all of it after a while in which nobody asked. */
export interface Cache<V> {
  readonly get: (key: string) => V | undefined;
  readonly put: (key: string, value: V, weight: number) => void;
  /** How much is kept. */
  readonly weight: () => number;
  readonly clear: () => void;
}

export interface CacheBounds {
  /** Of everything that is kept, in bytes as they are estimated. */
  readonly mostWeight: number;
  readonly idleMs: number;
}

export function openCache<V>({ mostWeight, idleMs }: CacheBounds): Cache<V> {
  const kept = new Map<string, { readonly value: V; readonly weight: number }>();
  let total = 0;
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => {
    clearTimeout(timer);
    timer = undefined;
    kept.clear();
    total = 0;
  };
  const touched = (): void => {
    if (timer === undefined) timer = setTimeout(clear, idleMs).unref();
    else timer.refresh();
  };
  const drop = (key: string): void => {
    total -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  };
  return {
    get: (key) => {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      touched();
      // The order of the map is that of the last use.
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    put: (key, value, weight) => {
      drop(key);
      if (weight > mostWeight) return;
      kept.set(key, { value, weight });
      total += weight;
      for (const oldest of kept.keys()) {
        if (total <= mostWeight) break;
        drop(oldest);
      }
      touched();
    },
    weight: () => total,
    clear,
  };
}
