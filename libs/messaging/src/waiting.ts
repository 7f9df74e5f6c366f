const LATE = Symbol('late');

/**
 * The value of `work`, or `undefined` when it takes longer than `timeoutMs`; a late failure of `work` is swallowed. A plain
 * timer: what `AbortSignal` makes to end one costs more than most of the requests that are waited for.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<{ readonly value: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, LATE);
  });
  try {
    const first = await Promise.race([work, late]);
    if (first !== LATE) return { value: await work };
    work.catch(() => {});
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
