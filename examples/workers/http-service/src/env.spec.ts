import { expect, test } from 'vitest';
import { readSettings } from './env.ts';

const refusal = (source: Readonly<Record<string, string>>): unknown => {
  try {
    return readSettings(source);
  } catch (thrown) {
    return thrown;
  }
};

test('variables that are missing are named in one sentence', () => {
  expect(refusal({})).toMatchObject({
    message: 'HTTP_SERVICE_URL is missing; it is a text; HTTP_SERVICE_KIND is missing; it is a text.',
  });
});

test('a variable that holds something else is named with what is wrong', () => {
  const source = { HTTP_SERVICE_URL: 'nowhere', HTTP_SERVICE_KIND: 'check' };
  expect(refusal(source)).toMatchObject({ message: expect.stringMatching(/^HTTP_SERVICE_URL [^\n✖]+\.$/) });
});
