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
  const newest = useRef(current);
  newest.current = current;

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
    setCurrent(run.runId);
    scrollTo.current(to);
    const focus = (): void => {
      // Who presses keys faster than that is further by now, and would be brought back.
      if (newest.current === run.runId) document.querySelector<HTMLElement>(`[data-run="${run.runId}"]`)?.focus();
    };
    // It may have come into sight only now.
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };
  const controls: ListControls = { current, setCurrent, hold, scrollTo };
  return { runs, waiting, controls, release, move };
}
