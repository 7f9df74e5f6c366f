import type { ReactElement } from 'react';
import { durationOf } from '../../../parts/spans.js';
import { type Scale, ticksOf } from './fold-gaps.js';

const percent = (place: number): string => `${place * 100}%`;

/** A text stays within the width. */
const shift = (place: number): string => (place < 0.04 ? '0' : place > 0.94 ? '-100%' : '-50%');

/** Round times since the beginning, and how long what is folded was. */
export const Axis = ({ scale }: { readonly scale: Scale }): ReactElement => (
  <div className="relative h-9 overflow-hidden text-xs text-quiet" aria-hidden="true">
    {ticksOf(scale, 7).map(({ place, afterMs }) => (
      <span
        key={afterMs}
        className={`absolute top-0.5 whitespace-nowrap ${place > 0.94 ? 'max-sm:hidden' : ''}`}
        style={{ left: percent(place), transform: `translateX(${shift(place)})` }}
      >
        {afterMs === 0 ? '0' : `+${durationOf(afterMs).replace('.0 ', ' ')}`}
      </span>
    ))}
    {scale.segments
      .filter(({ isFolded }) => isFolded)
      .map(({ fromMs, toMs, from, to }) => (
        <span
          key={fromMs}
          className="absolute bottom-0.5 whitespace-nowrap text-warn"
          style={{ left: percent((from + to) / 2), transform: `translateX(${shift((from + to) / 2)})` }}
        >
          ⋯ {durationOf(toMs - fromMs)} ⋯
        </span>
      ))}
  </div>
);

interface BackdropProps {
  readonly scale: Scale;
  /** Null for a run that is over. */
  readonly nowMs: number | null;
}

/** Behind the bars: lines at round times, strips where nothing worked for long, and now. */
export const Backdrop = ({ scale, nowMs }: BackdropProps): ReactElement => (
  <div className="pointer-events-none absolute inset-y-0 right-2 left-(--label)" aria-hidden="true">
    {ticksOf(scale, 7).map(({ place, afterMs }) => (
      <span key={afterMs} className="absolute inset-y-0 w-px bg-line" style={{ left: percent(place) }} />
    ))}
    {scale.segments
      .filter(({ isFolded }) => isFolded)
      .map(({ fromMs, from, to }) => (
        <span
          key={fromMs}
          className="absolute inset-y-0 border-x border-dashed border-line bg-raised"
          style={{ left: percent(from), width: percent(to - from) }}
        />
      ))}
    {nowMs === null ? null : (
      <span
        className="absolute inset-y-0 w-0.5 bg-accent"
        style={{ left: `calc(${percent(scale.placeOf(nowMs))} - 2px)` }}
      />
    )}
  </div>
);
