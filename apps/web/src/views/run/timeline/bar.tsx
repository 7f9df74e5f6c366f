import type { ReactElement } from 'react';
import { durationOf } from '../../../parts/spans.js';
import type { Attempt } from '../story/story.js';
import type { Scale } from './fold-gaps.js';
import { lookOf } from './look.js';

/** Where a bar stands, in shares of the width; nothing is too short to be seen. */
const across = (from: number, to: number) => ({
  left: `${from * 100}%`,
  width: `max(${(to - from) * 100}%, 3px)`,
});

interface BarProps {
  readonly attempt: Attempt;
  readonly scale: Scale;
  readonly takenMs: number | null | undefined;
  readonly nowMs: number;
}

/** An attempt in time: held back, in the queue (lighter), at work. */
export function Bar({ attempt, scale, takenMs, nowMs }: BarProps): ReactElement {
  const { scheduledMs, startMs, endMs } = attempt;
  const untilMs = endMs ?? Math.max(nowMs, startMs);
  const workFromMs = takenMs === undefined ? startMs : Math.min(Math.max(takenMs ?? untilMs, startMs), untilMs);
  const [held, start, work, end] = [scheduledMs, startMs, workFromMs, untilMs].map(scale.placeOf);
  const look = lookOf(attempt);
  const { className, ...style } = look;
  return (
    <>
      {startMs > scheduledMs ? (
        <span className="absolute border-t-2 border-dotted border-quiet" style={across(held ?? 0, start ?? 0)} />
      ) : null}
      {workFromMs > startMs ? (
        <span className={`absolute rounded-l-sm opacity-40 ${className}`} style={across(start ?? 0, work ?? 0)} />
      ) : null}
      {takenMs === null ? null : (
        <span className={`absolute rounded-sm ${className}`} style={{ ...across(work ?? 0, end ?? 0), ...style }} />
      )}
      <Length from={start ?? 0} to={end ?? 0} ms={untilMs - startMs} />
    </>
  );
}

/** How long it was, behind the bar, or before it where there is no room behind. */
const Length = ({
  from,
  to,
  ms,
}: {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}): ReactElement => (
  <span
    className="absolute whitespace-nowrap px-1.5 text-xs text-quiet"
    style={
      to <= 0.82
        ? { left: `${to * 100}%` }
        : from >= 0.15
          ? { right: `${(1 - from) * 100}%` }
          : { right: 0, display: 'none' }
    }
  >
    {durationOf(ms)}
  </span>
);

interface GroupBarProps {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
  readonly className: string;
}

/** From the first to the last of what is within. */
export const GroupBar = ({ from, to, ms, className }: GroupBarProps): ReactElement => (
  <>
    <span className={`absolute h-1.5 rounded-full opacity-70 ${className}`} style={across(from, to)} />
    <Length from={from} to={to} ms={ms} />
  </>
);
