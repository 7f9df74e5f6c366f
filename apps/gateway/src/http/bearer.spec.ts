import { expect, test } from 'vitest';
import { bearerCheck } from './bearer.js';

const check = bearerCheck('secret-token');

test('the right token passes', () => {
  expect(() => check('Bearer secret-token')).not.toThrow();
  expect(() => check('bearer  secret-token')).not.toThrow();
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Bearer wrong',
  'Bearer secret-token-and-more',
  'Bearer secret-toke',
  'Basic secret-token',
  'secret-token',
])('%s is refused with what to do', (header) => {
  expect(() => check(header)).toThrowError(
    expect.objectContaining({ status: 401, code: 'unauthorized', next: expect.stringContaining('BATON_TOKEN') }),
  );
});
