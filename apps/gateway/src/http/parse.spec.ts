import { Json } from '@baton/contracts';
import { expect, test } from 'vitest';
import { parseBody } from './parse.js';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

test('refuses a body nested so deeply that its schema would run off the stack', () => {
  expect(parseBody(Json, nested(500))).toBeDefined();
  for (const levels of [501, 50_000]) {
    expect(() => parseBody(Json, nested(levels))).toThrow(
      expect.objectContaining({ status: 422, message: expect.stringContaining('500 levels') }),
    );
  }
});
