import { expect, test } from 'vitest';
import { readJson } from './read-json.js';

test('what is JSON is read, and nothing is no value', () => {
  expect([readJson('{"a": [1, null]}'), readJson(' \n')]).toEqual([{ value: { a: [1, null] } }, { value: undefined }]);
});

test('what is no JSON is told, and so is a number that would become another', () => {
  expect(readJson('{"a": }')).toEqual({ problem: expect.stringMatching(/^This is not JSON: /) });
  expect(readJson('{"id": 12345678901234567890}')).toEqual({
    problem: expect.stringMatching(/at \/id the number 12345678901234567890 would become .* Write it as a text/),
  });
});
