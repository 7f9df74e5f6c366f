import { expect, test } from 'vitest';
import { labelLines, typedJson, typedLabels, typedObject } from './typed-json.js';

test('nothing typed is told from null typed, and from what is no JSON', () => {
  expect(typedJson(' \n')).toEqual({ is: 'nothing' });
  expect(typedJson('null')).toEqual({ is: 'value', value: null });
  expect(typedJson('{a}')).toMatchObject({ is: 'wrong', reason: expect.stringMatching(/^This is not JSON: /) });
});

test('where an object is needed a list is wrong', () => {
  expect(typedObject('{"a": 1}')).toEqual({ is: 'value', value: { a: 1 } });
  expect(typedObject('[1]')).toMatchObject({ is: 'wrong' });
});

test('labels come back as they were written, and a line without a sign is named', () => {
  const { labels, wrong } = typedLabels('team=a\n\n note = x=y ');
  expect({ labels, wrong }).toEqual({ labels: { team: 'a', note: 'x=y' }, wrong: null });
  expect(typedLabels(labelLines(labels)).labels).toEqual(labels);
  expect(typedLabels('team').wrong).toBe('“team” is no label: write key=value.');
});
