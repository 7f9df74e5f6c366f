import { expect, test } from 'vitest';
import { assertNodeOfServices } from './node-version.js';

test('a service on a Node that is too old says which it needs and how to get it', () => {
  expect(() => assertNodeOfServices('24.0.0')).not.toThrow();
  expect(() => assertNodeOfServices('26.1.0')).not.toThrow();
  expect(() => assertNodeOfServices('20.17.0')).toThrow(
    expect.objectContaining({
      code: 'node-too-old',
      message: expect.stringContaining('need Node 24, and this is Node 20.17.0'),
      next: expect.stringContaining('npx node'),
    }),
  );
});
