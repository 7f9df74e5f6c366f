import { type ReactElement, useEffect, useState } from 'react';
import { Button } from '../../../parts/button.js';
import { countOf } from '../../../parts/spans.js';
import { useSettled } from './use-state-at.js';

interface LogSliderProps {
  readonly version: number;
  readonly last: number;
  readonly onGo: (version: number) => void;
}

/** A way through the log, event by event: what it stops at is shown once it stands still. */
export function LogSlider({ version, last, onGo }: LogSliderProps): ReactElement {
  const [moved, setMoved] = useState<number | null>(null);
  const settled = useSettled(moved);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only standing still goes anywhere
  useEffect(() => {
    if (settled === null) return;
    onGo(settled);
    setMoved(null);
  }, [settled]);
  const at = moved ?? version;
  return (
    <div className="flex items-center gap-2 text-xs" data-print="no">
      <Button aria-label="One event back" disabled={at <= 1} onClick={() => setMoved(at - 1)}>
        ‹
      </Button>
      <input
        type="range"
        min={1}
        max={Math.max(1, last)}
        value={at}
        aria-label="Time travel: state after event"
        aria-valuetext={`event ${at} of ${last}`}
        onChange={({ target }) => setMoved(target.valueAsNumber)}
        className="min-w-0 flex-1 accent-accent"
      />
      <Button aria-label="One event on" disabled={at >= last} onClick={() => setMoved(at + 1)}>
        ›
      </Button>
      <output className="w-24 text-right text-quiet">
        {countOf(at)} of {countOf(last)}
      </output>
    </div>
  );
}
