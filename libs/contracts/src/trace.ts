/*
 * W3C trace context, as far as Baton carries it: which trace something belongs to, in one line. It comes from strangers, and is
 * taken or left: a trace that cannot be read is no reason to refuse what came with it.
 */

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;
/** Of a version that is not known there may be more behind it; nothing that is meant well is longer than this. */
export const MOST_OF_TRACEPARENT = 512;
const SAMPLED = 1;

/**
 * What a `traceparent` says, in the form of version 00 with no flag but the one that Baton knows: 55 characters, whatever was sent.
 *
 * @returns undefined where it is none
 */
export function readTraceparent(given: unknown): string | undefined {
  if (typeof given !== 'string' || given.length > MOST_OF_TRACEPARENT) return undefined;
  const [, version = 'ff', traceId = '0', spanId = '0', flags = '0', rest] = FORM.exec(given) ?? [];
  if (version === 'ff' || NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  if (version === '00' && rest !== undefined) return undefined;
  return `00-${traceId}-${spanId}-0${Number.parseInt(flags, 16) & SAMPLED}`;
}

/** The trace that a `traceparent` of `readTraceparent` belongs to. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);
