import { expect, test } from 'vitest';
import { documentWith } from './testing/document-with.js';
import { toText } from './to-text.js';

test('each state is listed with what it is, what is inside it and the ways on', () => {
  const document = documentWith(
    {
      Ask: {
        Type: 'Task',
        Resource: 'baton:worker:prompt',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Broken' }],
        Next: 'Good',
      },
      Good: { Type: 'Choice', Choices: [{ Condition: '{% $score\n  >= 9 %}', Next: 'Both' }], Default: 'Ask' },
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } },
          { StartAt: 'Right', States: { Right: { Type: 'Task', Resource: 'baton:signal:go', End: true } } },
        ],
        End: true,
      },
      Broken: { Type: 'Fail', Error: 'Broken' },
    },
    { phases: [{ name: 'ask', states: ['Ask', 'Good'] }], steps: { Ask: { number: 1, title: 'A question' } } },
  );
  expect(toText(document)).toBe(`test@1.0.0: Test

start → Ask
Ask (Task · worker prompt · step 1 A question · phase ask)
  next → Good
  catch States.ALL → Broken
Good (Choice · phase ask)
  when $score >= 9 → Both
  default → Ask
Both (Parallel)
  branch 1
    start → Left
    Left (Pass)
      end
  branch 2
    start → Right
    Right (Task · signal go)
      end
  end
Broken (Fail)
  end
`);
});

test('a name cannot break a line, move the cursor or turn the direction', () => {
  const text = toText(documentWith({ 'a\n\u001b[2J\u202eb': { Type: 'Succeed' } }));
  expect(text).toContain('start → a\\n\\u{1b}[2J\\u{202e}b\n');
});
