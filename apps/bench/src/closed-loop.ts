export interface LoopPlan {
  /** Runs under way at any time: whoever sees one end begins the next. */
  readonly inFlight: number;
  /** Before anything counts: connections, caches and compiled code are not what is measured. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoopOutcome {
  /** That ended within the measured time. */
  readonly runs: number;
  readonly seconds: number;
  /** From the wish to have a run until its end is known, of those runs, sorted. */
  readonly latenciesMs: readonly number[];
}

/** Looks on from now until the end of what it gives is called: both under load, around the measured time. */
export type Watch<T> = () => Promise<() => Promise<T>>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The one loop that everything is measured with, Baton and others alike. It imports nothing, so that a program outside of
 * this workspace can load it.
 * @param run begins a run, and resolves when its end is known
 */
export async function closedLoop(run: () => Promise<void>, plan: LoopPlan): Promise<LoopOutcome> {
  const { outcome } = await watchedLoop(run, plan, async () => async () => undefined);
  return outcome;
}

export async function watchedLoop<T>(
  run: () => Promise<void>,
  plan: LoopPlan,
  watch: Watch<T>,
): Promise<{ readonly outcome: LoopOutcome; readonly seen: T }> {
  const state = { isMeasured: false, isOver: false };
  const latenciesMs: number[] = [];
  const lane = async (): Promise<void> => {
    while (!state.isOver) {
      const beganMs = performance.now();
      await run();
      if (state.isMeasured) latenciesMs.push(performance.now() - beganMs);
    }
  };
  const measure = async () => {
    await pause(plan.warmUpMs);
    const end = await watch();
    state.isMeasured = true;
    const beganMs = performance.now();
    await pause(plan.measureMs);
    const seconds = (performance.now() - beganMs) / 1000;
    state.isMeasured = false;
    return { seconds, seen: await end() };
  };
  const measuring = measure().finally(() => {
    state.isOver = true;
  });
  const lanes = Promise.all(Array.from({ length: plan.inFlight }, lane));
  // A run that fails ends it all at once, and not when the time is up.
  const [{ seconds, seen }] = await Promise.all([measuring, lanes]);
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return { outcome: { runs: sorted.length, seconds, latenciesMs: sorted }, seen };
}
