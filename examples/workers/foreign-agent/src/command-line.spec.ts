import { describe, expect, it } from 'vitest';
import { fillIn, readCommandLine } from './command-line.ts';

const VALUES = { prompt: '/own/prompt.md', text: 'do {workspace}', workspace: '/work', report: '/report/report.json' };
const filled = (text: string) => fillIn(readCommandLine(text), VALUES);

describe('the command line of a foreign agent', () => {
  it('is words, of which quotes hold some together', () => {
    const text = `agent --prompt-file {prompt}  --say "two words" 'it''s' --json '{"a": "$HOME"}' --dir=x/{workspace}`;
    const expected = ['agent', '--prompt-file', '/own/prompt.md', '--say', 'two words', 'its', '--json'];
    expect(filled(text)).toEqual([...expected, '{"a": "$HOME"}', '--dir=x//work']);
  });

  it('gets what is filled in as one word, which is not read again', () => {
    expect(filled('agent {text}')).toEqual(['agent', 'do {workspace}']);
    expect(fillIn(readCommandLine('agent {text}'), { ...VALUES, text: '$(id); "x" $&' })).toEqual([
      'agent',
      '$(id); "x" $&',
    ]);
  });

  it.each([
    ['', 'names no program'],
    ['agent', 'does not say where the task goes'],
    ['agent {prompt} {home}', 'has {home}, which stands for nothing'],
    [`agent {prompt} "open`, 'has a quote that does not end'],
  ])('is refused as %j with one sentence', (text, sentence) => {
    expect(() => readCommandLine(text)).toThrow(sentence);
  });
});
