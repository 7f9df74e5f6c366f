import { expect, test } from 'vitest';
import { readableText } from './readable-text.js';

test('a value is lines that can be read and compared', () => {
  const value = { goal: 'Count', files: [{ path: 'a.ts', purpose: 'two\nlines' }, 'b'], risks: [], deep: { n: 1 } };
  expect(readableText(value)).toBe(
    [
      'goal: Count',
      'files:',
      '  - path: a.ts',
      '    purpose:',
      '      two',
      '      lines',
      '  - b',
      'risks: none',
      'deep:',
      '  n: 1',
    ].join('\n'),
  );
  expect([null, 'x', true, []].map(readableText)).toEqual(['null', 'x', 'true', 'none']);
});
