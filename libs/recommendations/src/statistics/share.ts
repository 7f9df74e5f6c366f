import { type CountedShare, wilsonInterval } from '@baton/contracts';

/** `count` of `of`, with its Wilson interval. @param of at least 1 */
export function shareOf(count: number, of: number): CountedShare {
  return { count, of, share: count / of, interval: wilsonInterval(count, of) ?? { low: 0, high: 1 } };
}

/** As people read it: `14 of 20 (70 %, 48 to 85 %)`. */
export const shareText = ({ count, of, share, interval: { low, high } }: CountedShare): string =>
  `${count} of ${of} (${percent(share)} %, ${percent(low)} to ${percent(high)} %)`;

const percent = (share: number): string => String(Math.round(share * 100));
