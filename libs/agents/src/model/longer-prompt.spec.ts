import { expect, test } from 'vitest';
import { longerPrompt } from './longer-prompt.js';

const parts = [{ name: 'plan', text: 'The plan.', cache: true }];
const joined = (list: readonly { readonly text: string }[]): string => list.map(({ text }) => text).join('');

test('what is added is a part of its own, and what was kept is kept', () => {
  const longer = longerPrompt({ prompt: 'The plan.', parts }, 'The plan. And more.', 'documentation');
  expect(longer.parts).toEqual([...parts, { name: 'documentation', text: ' And more.', cache: false }]);
  expect(longerPrompt({ prompt: 'The plan.', parts }, 'The plan.', 'documentation').parts).toEqual(parts);
});

test('the parts are always the prompt, whatever became of it', () => {
  for (const before of [{ prompt: 'A' }, { prompt: 'The plan.', parts }])
    expect(joined(longerPrompt(before, 'Another.', 'x').parts)).toBe('Another.');
  expect(joined(longerPrompt({ prompt: 'A' }, 'A and B', 'x').parts)).toBe('A and B');
});
