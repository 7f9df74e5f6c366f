import { BatonError } from '@baton/contracts';

/** What went wrong in one or two sentences, in the words of whoever refused, with what to do. */
export function refusalOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown instanceof BatonError ? [thrown.message, thrown.next].filter(Boolean).join(' ') : thrown.message;
}
