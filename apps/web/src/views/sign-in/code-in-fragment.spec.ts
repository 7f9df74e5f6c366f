import { expect, test } from 'vitest';
import { codeInFragment } from './code-in-fragment.js';

test('the code of a link that signs in is read, and nothing else of a fragment', () => {
  expect(['#code=abc_123', '', '#code=', '#top'].map(codeInFragment)).toEqual(['abc_123', null, null, null]);
});
