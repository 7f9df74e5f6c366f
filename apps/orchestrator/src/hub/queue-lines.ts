/** What goes to a queue in one request. */
interface Load<T> {
  readonly items: T[];
  readonly sent: PromiseWithResolvers<void>;
}

/**
 * What is on its way to each queue, and what goes next: each queue gets its own in order, and none waits for another. While a
 * queue has not answered, what comes for it gathers and goes together.
 */
export class QueueLines<T> {
  /** By queue, what goes when that which is on its way has arrived. */
  readonly #next = new Map<string, Load<T>>();

  constructor(private readonly deliver: (queue: string, items: readonly T[]) => Promise<void>) {}

  /** Resolves when these have arrived; rejects when what they went with did not. */
  send(queue: string, items: readonly T[]): Promise<void> {
    const next = this.#next.get(queue);
    if (next !== undefined) {
      next.items.push(...items);
      return next.sent.promise;
    }
    const sent = this.deliver(queue, items);
    this.#next.set(queue, emptyLoad());
    // What failed before is somebody else's to send again, and no reason to hold the next load back.
    sent.then(
      () => this.#sendNext(queue),
      () => this.#sendNext(queue),
    );
    return sent;
  }

  /** Whether something is on its way to a queue. */
  isBusy(queue: string): boolean {
    return this.#next.has(queue);
  }

  #sendNext(queue: string): void {
    const next = this.#next.get(queue);
    this.#next.delete(queue);
    if (next === undefined || next.items.length === 0) return;
    this.send(queue, next.items).then(next.sent.resolve, next.sent.reject);
  }
}

function emptyLoad<T>(): Load<T> {
  const sent = Promise.withResolvers<void>();
  // Nobody may have handed anything over for it.
  sent.promise.catch(() => {});
  return { items: [], sent };
}
