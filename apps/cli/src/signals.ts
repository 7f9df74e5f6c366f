export interface SignalPorts {
  readonly interrupted: AbortController;
  readonly hurried: AbortController;
  nowMs(): number;
}

/** One Ctrl-C often comes twice: from the terminal, and passed on by npm. */
const REPEAT_MS = 1_000;

/** The first signal interrupts; another one, a moment later, hurries. */
export function signalTaker({ interrupted, hurried, nowMs }: SignalPorts): () => void {
  let firstAt: number | null = null;
  return () => {
    if (firstAt === null) {
      firstAt = nowMs();
      interrupted.abort();
    } else if (nowMs() - firstAt > REPEAT_MS) {
      hurried.abort();
    }
  };
}
