import { type RefObject, useCallback, useMemo, useRef, useState } from 'react';
import { heldOrder, type Run } from './merged-runs.js';

/** What somebody does to a list with pointer and keys. */
export interface ListControls {
  readonly current: string | null;
  readonly setCurrent: (runId: string) => void;
  /** Says that rows must stay where they are, or need not because of this any more. */
  readonly hold: (why: 'pointer' | 'scroll', isHeld: boolean) => void;
  /** Set by the table: brings a row into sight. */
  readonly scrollTo: RefObject<(index: number) => void>;
}

/** The runs in an order that stays while somebody points at them; which of them is the current one. */
export function useListControls(now: readonly Run[], resetKey: string) {
  const [held, setHeld] = useState({ pointer: false, scroll: false });
  const [current, setCurrent] = useState<string | null>(null);
  const scrollTo = useRef<(index: number) => void>(() => undefined);
  const shown = useRef({ key: resetKey, runs: now });
  /** The run that was moved to last, until something else is chosen: where keys are quicker than frames, what they left is no place to go back to. */
  const aim = useRef<string | null>(null);

  const isHeld = (held.pointer || held.scroll) && shown.current.key === resetKey;
  const { runs, waiting } = useMemo(() => {
    const before = shown.current.runs;
    if (!isHeld) return { runs: now, waiting: 0 };
    const known = new Map([...before, ...now].map((run) => [run.runId, run]));
    const ids = (some: readonly Run[]) => some.map(({ runId }) => runId);
    const { order, waiting } = heldOrder(ids(before), ids(now));
    return { runs: order.flatMap((runId) => known.get(runId) ?? []), waiting };
  }, [now, isHeld]);
  shown.current = { key: resetKey, runs };

  const hold = useCallback((why: 'pointer' | 'scroll', isOn: boolean): void => {
    setHeld((before) => (before[why] === isOn ? before : { ...before, [why]: isOn }));
  }, []);
  const choose = useCallback((runId: string): void => {
    aim.current = null;
    setCurrent(runId);
  }, []);
  /** Shows what waits, whatever is held. */
  const release = (): void => {
    setHeld({ pointer: false, scroll: false });
    scrollTo.current(0);
  };
  const move = (by: 1 | -1): void => {
    const at = runs.findIndex(({ runId }) => runId === current);
    const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), runs.length - 1);
    const run = runs[to];
    if (run === undefined) return;
    choose(run.runId);
    aim.current = run.runId;
    scrollTo.current(to);
    // It may have come into sight only now.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (aim.current === run.runId) document.querySelector<HTMLElement>(`[data-run="${run.runId}"]`)?.focus();
      }),
    );
  };
  const controls: ListControls = { current, setCurrent: choose, hold, scrollTo };
  return { runs, waiting, controls, release, move };
}
