/*
 * The scale of time of a timeline. Where nothing works for long, as while a person is asked for two days, the time in between is
 * folded to a strip of its own, so that what happened before and after is not squeezed flat. Places are from 0 to 1.
 */

export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A part of time that is drawn evenly. */
interface Segment extends Interval {
  readonly from: number;
  readonly to: number;
  readonly isFolded: boolean;
}

export interface Scale {
  readonly segments: readonly Segment[];
  /** From 0 to 1; what is outside is at the edge. */
  readonly placeOf: (ms: number) => number;
}

/** Shorter ones are left as they are. */
const SHORTEST_FOLD_MS = 2_000;
/** A gap is folded where it is longer than so much of all the time in which something worked. */
const FOLD_FROM = 0.5;
/** How much of the time in which something worked a folded gap takes, and all of them together at most. */
const FOLDED_WIDTH = 0.08;
const MOST_FOLDED = 0.5;

/** Sorted, and one where several touch or overlap. */
export function mergeIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = [...intervals].sort((a, b) => a.fromMs - b.fromMs);
  const merged: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else merged.push({ fromMs, toMs });
  }
  return merged;
}

/**
 * @param busy when something worked, merged; what lies outside of the whole is cut off
 * @param whole what is drawn
 */
export function foldGaps(busy: readonly Interval[], whole: Interval): Scale {
  const inside = busy.flatMap(({ fromMs, toMs }) => {
    const cut = { fromMs: Math.max(fromMs, whole.fromMs), toMs: Math.min(toMs, whole.toMs) };
    return cut.toMs >= cut.fromMs ? [cut] : [];
  });
  const busyMs = inside.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const longest = busyMs === 0 ? Number.POSITIVE_INFINITY : Math.max(SHORTEST_FOLD_MS, busyMs * FOLD_FROM);
  const gaps = gapsBetween(inside, whole).filter(({ fromMs, toMs }) => toMs - fromMs > longest);
  const foldedMs = Math.min(busyMs * FOLDED_WIDTH, (busyMs * MOST_FOLDED) / gaps.length);
  return scaleOf(spread(gaps, whole, foldedMs));
}

function gapsBetween(inside: readonly Interval[], whole: Interval): readonly Interval[] {
  const gaps: Interval[] = [];
  let atMs = whole.fromMs;
  for (const { fromMs, toMs } of inside) {
    if (fromMs > atMs) gaps.push({ fromMs: atMs, toMs: fromMs });
    atMs = Math.max(atMs, toMs);
  }
  if (whole.toMs > atMs) gaps.push({ fromMs: atMs, toMs: whole.toMs });
  return gaps;
}

/** The segments one after the other, those that are folded as wide as they are to be. */
function spread(gaps: readonly Interval[], whole: Interval, foldedMs: number): readonly Segment[] {
  const parts: (Interval & { readonly width: number; readonly isFolded: boolean })[] = [];
  let atMs = whole.fromMs;
  const even = (toMs: number): void => {
    if (toMs > atMs) parts.push({ fromMs: atMs, toMs, width: toMs - atMs, isFolded: false });
  };
  for (const gap of gaps) {
    even(gap.fromMs);
    parts.push({ ...gap, width: foldedMs, isFolded: true });
    atMs = gap.toMs;
  }
  even(whole.toMs);
  const total = parts.reduce((sum, { width }) => sum + width, 0);
  let at = 0;
  return parts.map(({ fromMs, toMs, width, isFolded }) => {
    const from = at / total;
    at += width;
    return { fromMs, toMs, isFolded, from, to: at / total };
  });
}

function scaleOf(segments: readonly Segment[]): Scale {
  const placeOf = (ms: number): number => {
    const last = segments.at(-1);
    if (last === undefined || ms <= (segments[0]?.fromMs ?? 0)) return 0;
    if (ms >= last.toMs) return 1;
    const { fromMs, toMs, from, to } = segments[segmentAt(segments, ms)] ?? last;
    return toMs === fromMs ? from : from + ((ms - fromMs) / (toMs - fromMs)) * (to - from);
  };
  return { segments, placeOf };
}

/** The last that begins at or before a time. */
function segmentAt(segments: readonly Segment[], ms: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((segments[middle]?.fromMs ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface Tick {
  readonly place: number;
  /** Since the beginning. */
  readonly afterMs: number;
}

/** Round times from the beginning on, at most so many; none in what is folded. */
export function ticksOf({ segments, placeOf }: Scale, most: number): readonly Tick[] {
  const firstMs = segments[0]?.fromMs ?? 0;
  const drawn = segments.filter(({ isFolded }) => !isFolded);
  const drawnMs = drawn.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  if (drawnMs <= 0) return [];
  const stepMs = roundStep(drawnMs / most);
  const ticks: Tick[] = [];
  for (const { fromMs, toMs } of drawn) {
    let afterMs = Math.ceil((fromMs - firstMs) / stepMs) * stepMs;
    for (; firstMs + afterMs <= toMs; afterMs += stepMs) {
      const place = placeOf(firstMs + afterMs);
      const last = ticks.at(-1);
      if (last === undefined || place - last.place >= 0.5 / most) ticks.push({ place, afterMs });
    }
  }
  return ticks;
}

const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800].map((seconds) => seconds * 1_000))
  .concat([1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * 3_600_000));

const roundStep = (ms: number): number =>
  STEPS_MS.find((step) => step >= ms) ?? Math.ceil(ms / 604_800_000) * 604_800_000;
