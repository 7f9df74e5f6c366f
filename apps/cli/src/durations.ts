/** `340 ms`, `2.4 s`, `3 min 05 s`: as precise as a reader wants it. */
export function formatDuration(ms: number): string {
  if (ms < 950) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const SPANS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** A time that somebody set, exactly, in the largest unit that has it whole: `1 d`, `90 min`, `45 s`. */
export function spanOf(seconds: number): string {
  const [size, unit] = SPANS.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 's'];
  return `${seconds / size} ${unit}`;
}

/** An instant of RFC 3339 as a person reads it: `2026-01-31 12:00:00Z`. */
export const timeOf = (instant: string): string => instant.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z');

/** `0:07`, `12:40`: a clock that runs. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
