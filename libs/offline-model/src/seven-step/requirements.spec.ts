import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCharacter } from '../testing/any-character.js';
import { MAX_POINTS, readRequirements } from './requirements.js';

const textsOf = (text: string): readonly string[] => readRequirements(text).points.map((point) => point.text);

describe('readRequirements', () => {
  test('takes the first heading as title and each list item as a point, under its own heading', () => {
    const { title, points } = readRequirements(
      '# A shop #\nWe sell.\n## Cart\n- [ ] add **things**\n* remove `things`\n',
    );
    expect(title).toBe('A shop');
    expect(points).toEqual([
      { id: 'R1', text: 'add things', section: 'Cart' },
      { id: 'R2', text: 'remove things', section: 'Cart' },
    ]);
  });

  test('takes the sentences where there is no list', () => {
    expect(textsOf('A tool that greets. It must be quick! Is it free?')).toEqual([
      'A tool that greets.',
      'It must be quick!',
      'Is it free?',
    ]);
  });

  test('knows the end of a sentence in scripts without spaces', () => {
    expect(textsOf('ログインできること。失敗は記録する。')).toEqual(['ログインできること。', '失敗は記録する。']);
  });

  test('joins an item that goes on in the next line, and begins anew after an empty one', () => {
    expect(textsOf('- one\n  goes on\n\nprose\n- two')).toEqual(['one goes on', 'two']);
  });

  test('knows numbered and lettered lists', () => {
    expect(textsOf('1. one\n2) two\n(3) three\na) four\n一、登录\n2、退出')).toEqual([
      'one',
      'two',
      'three',
      'four',
      '登录',
      '退出',
    ]);
  });

  test('passes over code in fences, lines without words and repeated points', () => {
    expect(textsOf('```\n- not this\n```\n---\n- this\n- This\n- !!!\n')).toEqual(['this']);
  });

  test('takes the headings where there is nothing else', () => {
    expect(textsOf('# Log in\n# Log out')).toEqual(['Log in', 'Log out']);
  });

  test('counts what is beyond its limit', () => {
    const { points, leftOut } = readRequirements(
      Array.from({ length: MAX_POINTS + 7 }, (_, n) => `- point ${n}`).join('\n'),
    );
    expect([points.length, leftOut]).toEqual([MAX_POINTS, 7]);
  });

  test('takes out characters that hide or turn text, and keeps those that writing needs', () => {
    expect(textsOf('- a\u202eb\u0000c\u200bd\ud800e')).toEqual(['a b c d\ufffde']);
    expect(textsOf('- می\u200cخواهم 👩\u200d💻')).toEqual(['می\u200cخواهم 👩\u200d💻']);
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' \n\t\n '],
    ['marks only', '--- ### ```'],
    ['an open fence', '```\n- a'],
  ])('gives one point for %s', (_what, text) => {
    expect(textsOf(text)).toHaveLength(1);
  });

  test('gives short single lines with ids in order, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 2000 }), (text) => {
        const { title, points } = readRequirements(text);
        expect(points.map(({ id }) => id)).toEqual(points.map((_, index) => `R${index + 1}`));
        for (const line of [title, ...points.flatMap((point) => [point.text, point.section])]) {
          expect(line).toMatch(/^[^\n\r]{1,300}$/);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test.each([
    ['one line of blanks', `# a${' '.repeat(200_000)}b`],
    ['one line of marks', '#'.repeat(200_000)],
    ['many short lines', '-\n'.repeat(100_000)],
    ['one long word', `- ${'x'.repeat(200_000)}`],
    ['one endless sentence', 'word '.repeat(40_000)],
    ['backticks', '`'.repeat(200_000)],
  ])('reads 200 KB of %s at once', (_what, text) => {
    expect(() => readRequirements(text)).toComputeWithin(2_000);
  });
});
