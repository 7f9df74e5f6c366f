import { expect, test } from 'vitest';
import { chosenFiles, MOST_FILE_BYTES, MOST_FILES } from './chosen-files.js';

const file = (webkitRelativePath: string, size = 1) => ({
  name: webkitRelativePath.split('/').at(-1) ?? '',
  size,
  webkitRelativePath,
});

test('the folder that was chosen is the root, and what is nobody’s to bring stays out', () => {
  const chosen = chosenFiles([file('app/src/a.ts', 5), file('app/.git/HEAD'), file('app/x/node_modules/y/z.js')]);
  expect(chosen).toMatchObject({ name: 'app', bytes: 5, problem: null, leftOut: ['2 files in .git and node_modules'] });
  expect(chosen.files.map(({ path }) => path)).toEqual(['src/a.ts']);
});

test('files that were chosen one by one lie in the root', () => {
  const chosen = chosenFiles([{ name: 'a.ts', size: 1, webkitRelativePath: '' }]);
  expect(chosen).toMatchObject({ name: null, files: [{ path: 'a.ts' }] });
});

test('bounds are told before anything is sent', () => {
  expect(chosenFiles([]).problem).toMatch(/no file/);
  expect(chosenFiles([file('a/big', MOST_FILE_BYTES + 1), file('a/b')]).leftOut[0]).toMatch(
    /^big: .* more than 5.0 MiB/,
  );
  const many = Array.from({ length: MOST_FILES + 1 }, (_, at) => file(`a/${at}`));
  expect(chosenFiles(many).problem).toMatch(/at most 20,000 files/);
  const heavy = Array.from({ length: 21 }, (_, at) => file(`a/${at}`, MOST_FILE_BYTES));
  expect(chosenFiles(heavy).problem).toMatch(/at most 100.0 MiB/);
});
