import { pathProblem } from '@baton/workspace';
import { describe, expect, it } from 'vitest';
import { fileSetProblems, MAX_FILES, MAX_TOTAL_BYTES } from './file-set.js';

const file = (path: string, content = '') => ({ path, content });

describe('the paths of a deliverable', () => {
  it.each([
    'package.json',
    'src/a.ts',
    'a/b/c/d.test.ts',
    '.gitignore',
    'docs/ünïcode.md',
    'a..b/c...d.ts',
    'c:d/x'.slice(2),
    'a/.gitx/b:c',
    'git~2',
  ])('accepts %j', (path) => {
    expect(pathProblem(path)).toBeNull();
  });

  it.each([
    '',
    '/etc/passwd',
    '..',
    '../a',
    'a/../../b',
    'a/./b',
    'a//b',
    'a/',
    'C:/x',
    'c:x',
    'a\\b',
    '~/.ssh/id',
    'a\0b',
    'a\nb',
    'a/.git/config',
    '.GIT/hooks/x',
    'a/.g\u200cit/hooks/x',
    '.GIT:x',
    '.git::$INDEX_ALLOCATION/hooks/x',
    'GIT~1/config',
    'a/node_modules:x',
    'node_modules/x/index.js',
    'a./b',
    'a /b',
    'x'.repeat(300),
  ])('refuses %j', (path) => {
    expect(pathProblem(path)).not.toBeNull();
  });
});

describe('the files of a deliverable', () => {
  it('may not be one file twice, also where only case or Unicode form differ', () => {
    expect(fileSetProblems([file('a.ts'), file('a.ts')])).toHaveLength(1);
    expect(fileSetProblems([file('src/A.ts'), file('src/a.ts')])).toHaveLength(1);
    expect(fileSetProblems([file('\u00e9.md'), file('e\u0301.md')])).toHaveLength(1);
    expect(fileSetProblems([file('a.ts'), file('b.ts')])).toEqual([]);
  });

  it('may not put a file below a file', () => {
    expect(fileSetProblems([file('src'), file('src/a.ts')])[0]).toContain('lies below it');
    expect(fileSetProblems([file('src/a.ts'), file('SRC')])[0]).toContain('lies below it');
  });

  it('may not be more than fit', () => {
    const many = Array.from({ length: MAX_FILES + 1 }, (_, index) => file(`f${index}.ts`));
    expect(fileSetProblems(many)).toHaveLength(1);
    expect(fileSetProblems(many.slice(1))).toEqual([]);
    expect(fileSetProblems([file('a.txt', 'é'.repeat(MAX_TOTAL_BYTES / 2))])).toEqual([]);
    expect(fileSetProblems([file('a.txt', `${'é'.repeat(MAX_TOTAL_BYTES / 2)}x`)])).toHaveLength(1);
  });
});
