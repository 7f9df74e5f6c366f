/*
 * Times, durations, counts and money as they are read. Numbers stand in columns, so each has one form.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Two units at most: `340 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationOf(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < SECOND) return `${Math.round(whole)} ms`;
  if (whole < 10 * SECOND) return `${(whole / SECOND).toFixed(1)} s`;
  // Rounded first: 59.7 s are a minute, and not 60 s.
  const seconds = Math.round(whole / SECOND) * SECOND;
  if (seconds < MINUTE) return `${seconds / SECOND} s`;
  if (seconds < HOUR) return inUnits(seconds, MINUTE, 'min', SECOND, 's');
  if (seconds < DAY) return inUnits(seconds, HOUR, 'h', MINUTE, 'min');
  return inUnits(seconds, DAY, 'd', HOUR, 'h');
}

function inUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** `in 3 min`, `3 min ago`, `now`. */
export function agoOf(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs;
  if (Math.abs(ms) < SECOND) return 'now';
  const coarse = durationOf(Math.abs(ms) < MINUTE ? Math.floor(Math.abs(ms) / SECOND) * SECOND : Math.abs(ms));
  const [amount = '', unit = ''] = coarse.replace('.0 s', ' s').split(' ');
  return ms < 0 ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
}

/** In US dollars; what is less than a cent is told in cents. */
export function moneyOf(dollars: number): string {
  if (dollars === 0) return '$0';
  return dollars < 0.01 ? `${(dollars * 100).toPrecision(2)} ¢` : `$${dollars.toFixed(2)}`;
}

const COUNT = new Intl.NumberFormat('en');

export const countOf = (count: number): string => COUNT.format(count);

export const bytesOf = (bytes: number): string => {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
};
