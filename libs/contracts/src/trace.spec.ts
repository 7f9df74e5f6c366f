import { describe, expect, test } from 'vitest';
import { readTraceparent, traceIdOf } from './trace.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a traceparent', () => {
  test('of version 00 is taken as it is', () => {
    expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toBe(`00-${TRACE}-${SPAN}-01`);
    expect(traceIdOf(`00-${TRACE}-${SPAN}-01`)).toBe(TRACE);
  });

  test('keeps no flag that Baton does not know', () => {
    expect(readTraceparent(`00-${TRACE}-${SPAN}-ff`)).toBe(`00-${TRACE}-${SPAN}-01`);
    expect(readTraceparent(`00-${TRACE}-${SPAN}-02`)).toBe(`00-${TRACE}-${SPAN}-00`);
  });

  test('of a later version is read as far as it is known', () => {
    expect(readTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-holds`)).toBe(`00-${TRACE}-${SPAN}-01`);
  });

  test.each([
    ['is empty', ''],
    ['is no text', 7],
    ['is a list, as of a header sent twice', [`00-${TRACE}-${SPAN}-01`]],
    ['has more behind version 00', `00-${TRACE}-${SPAN}-01-more`],
    ['has the version that there never is', `ff-${TRACE}-${SPAN}-01`],
    ['has no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['has no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['is in capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['is cut off', `00-${TRACE}-${SPAN}`],
    ['has a line break', `00-${TRACE}-${SPAN}-01\n`],
    ['never ends', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(100_000)}`],
    ['holds NUL', `00-${TRACE}-${SPAN}-01\u0000`],
  ])('that %s is none', (_, given) => {
    expect(readTraceparent(given)).toBeUndefined();
  });
});
