import { GatewayRefused } from '@baton/client';
import { BatonError } from '@baton/contracts';

/**
 * What went wrong in a few sentences, in the words of whoever refused, with what to do. Where the gateway points at what is wrong,
 * that is said in place of what to do in general.
 */
export function refusalOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown instanceof GatewayRefused && thrown.errors.length > 0) {
    const places = thrown.errors.map(({ pointer, detail }) => `${placeOf(pointer)}${detail}`);
    return [thrown.message, ...new Set(places)].join('\n');
  }
  return thrown instanceof BatonError ? [thrown.message, thrown.next].filter(Boolean).join(' ') : thrown.message;
}

/** `/channel/to/0` as `channel to 0: `; nothing for the whole. */
const placeOf = (pointer: string): string => {
  const names = pointer.split('/').filter((name) => name !== '');
  return names.length === 0 ? '' : `${names.join(' ')}: `;
};
