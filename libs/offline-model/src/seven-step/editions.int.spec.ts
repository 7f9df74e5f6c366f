import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Rounds, twoRounds } from '../testing/offline-run.js';
import type { SourceFile } from './outputs.js';
import type { Language } from './script.js';

/** The deliverables in their real languages: the first round must fail as it is meant to, the second must pass. */

interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

const run = (command: string, args: readonly string[], cwd: string): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1' };
    execFile(command, [...args], { cwd, env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ exitCode: Number.isNaN(code) ? 127 : code, output: stdout + stderr });
    });
  });

const TSC = fileURLToPath(new URL('../../../../node_modules/.bin/tsc', import.meta.url));
const hasPython = (await run('python3', ['--version'], tmpdir())).exitCode === 0;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function written(files: readonly SourceFile[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-offline-'));
  folders.push(folder);
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const example = (name: string): Promise<string> =>
  readFile(new URL(`../../../../examples/requirements/${name}`, import.meta.url), 'utf8');

const tabular = await example('tabular-preprocessing.md');
const urlShortener = await example('url-shortener.md');

/** A text with everything that could break out of a string, a comment or a heading. */
const HOSTILE = [
  '# Title "quoted" \\ `ticked` $\u007bprocess.exit(1)} <script> {{x}} {% $error() %}',
  '- ends a comment */ and a docstring """ and \'\'\' and a template `',
  '- ends a string " \\" \\\\" \' \\\' and goes on',
  '- ../../etc/passwd | rm -rf / && $(reboot) # not a comment // nor this',
  '- \u202ereversed\u202c, null \u0000, separators \u2028 \u2029, half a pair \ud800, tab\there',
  '- [baton:title] and [/baton] and <!-- [baton:readme-list] -->',
  "- $& $1 $` $' $$",
  '- emoji 👩‍💻, 日本語, العربية',
].join('\n');

const runTests = async (language: Language, files: readonly SourceFile[]): Promise<Ended> => {
  const cwd = await written(files);
  if (language === 'python') return run('python3', ['-m', 'unittest'], cwd);
  return run(process.execPath, ['--test', '--test-reporter=tap'], cwd);
};

const failing = (language: Language, { output }: Ended): readonly string[] => {
  const pattern = language === 'python' ? /^(?:FAIL|ERROR): (\w+) /gm : /^not ok \d+ - (.*)$/gm;
  return [...output.matchAll(pattern)].map((match) => match[1] ?? '').toSorted();
};

const SEEDED: Readonly<Record<string, readonly string[]>> = {
  'tabular-preprocessing typescript': [
    'a constant column becomes 0, also where its mean is not exactly its value',
    'a single served value is scaled with what was learned',
    'each training row served alone gets exactly the numbers it got in training',
    'imputed values take part in the scale that is learned',
    'min-max scaling gives 0 to 1 in training, and values beyond it where served ones are',
    'numbers too large to compute with are an error, not NaN',
    'the place of a column and columns nobody asked for do not matter',
    'what a row becomes does not depend on the rows around it',
  ],
  'tabular-preprocessing python': [
    'test_a_constant_column_becomes_0_also_where_its_mean_is_not_exactly_its_value',
    'test_a_single_served_value_is_scaled_with_what_was_learned',
    'test_each_training_row_served_alone_gets_exactly_the_numbers_it_got_in_training',
    'test_imputed_values_take_part_in_the_scale_that_is_learned',
    'test_min_max_scaling_gives_0_to_1_in_training_and_values_beyond_it_where_served_ones_are',
    'test_numbers_too_large_to_compute_with_are_an_error_not_nan',
    'test_the_place_of_a_column_and_columns_nobody_asked_for_do_not_matter',
    'test_training_data_without_rows_is_an_error_serving_a_table_without_rows_gives_one',
    'test_what_a_row_becomes_does_not_depend_on_the_rows_around_it',
  ],
  'requirement-checklist typescript': [
    'a requirement without evidence is unchecked, and does not count as met',
    'the report shows each requirement with its mark and the note',
    'without evidence the command prints the whole list as unchecked',
  ],
  'requirement-checklist python': [
    'test_a_requirement_without_evidence_is_unchecked_and_does_not_count_as_met',
    'test_the_report_shows_each_requirement_with_its_mark_and_the_note',
    'test_without_evidence_the_command_prints_the_whole_list_as_unchecked',
  ],
};

describe.each(['typescript', 'python'] as const)('in %s', (language) => {
  const isMissing = language === 'python' && !hasPython;

  test.skipIf(isMissing).each([
    ['the shipped example', 'tabular-preprocessing', tabular],
    ['another text', 'requirement-checklist', urlShortener],
    ['a hostile text', 'requirement-checklist', HOSTILE],
  ])('%s fails its tests as seeded in the first round and passes them in the second', async (_, name, requirements) => {
    const rounds: Rounds = await twoRounds({ requirements, language });
    const first = await runTests(language, rounds.firstCode.files);
    expect(first.exitCode).not.toBe(0);
    expect(failing(language, first)).toEqual(SEEDED[`${name} ${language}`]);
    const second = await runTests(language, rounds.code.files);
    expect(failing(language, second)).toEqual([]);
    expect(second).toMatchObject({ exitCode: 0 });
  });

  test.skipIf(isMissing)('tests are found from above, where the deliverable stands beside other files', async () => {
    const given = [{ path: 'README.md', content: 'mine' }];
    const { code } = await twoRounds({ requirements: tabular, language }, given);
    const [command = '', ...args] = code.testCommand.split(' ');
    const ended = await run(command === 'node' ? process.execPath : command, args, await written(code.files));
    expect(ended.output).toMatch(/^Ran \d\d tests|^ℹ pass \d\d$|^# pass \d\d$/m);
    expect(ended).toMatchObject({ exitCode: 0 });
  });
});

test.each([
  ['the shipped example', tabular],
  ['a hostile text', HOSTILE],
])('the type checker accepts both rounds of %s, by its tsconfig and by flags alone', async (_, requirements) => {
  const rounds = await twoRounds({ requirements, language: 'typescript' });
  for (const { files } of [rounds.firstCode, rounds.code]) {
    const cwd = await written(files);
    expect(await run(TSC, ['-p', '.'], cwd)).toEqual({ exitCode: 0, output: '' });
    const paths = files.map(({ path }) => path).filter((path) => path.endsWith('.ts'));
    const flags = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--types',
      '',
    ];
    expect(await run(TSC, [...flags, '--allowImportingTsExtensions', ...paths], cwd)).toEqual({
      exitCode: 0,
      output: '',
    });
  }
});

test.skipIf(!hasPython)('both languages give the same numbers for the example', async () => {
  const outputs: (readonly (readonly string[])[])[] = [];
  for (const language of ['typescript', 'python'] as const) {
    const cwd = await written((await twoRounds({ requirements: tabular, language })).code.files);
    const [command, program] =
      language === 'python'
        ? (['python3', ['-m', 'tabular_preprocessing']] as const)
        : ([process.execPath, ['src/main.ts']] as const);
    const data = ['--data', 'example/train.csv', '--params', 'params.json'];
    const fitted = await run(command, [...program, 'fit', '--config', 'example/config.json', ...data], cwd);
    expect(fitted).toEqual({ exitCode: 0, output: 'Learned 5 columns from 6 rows.\n' });
    const { output } = await run(command, [...program, 'transform', ...data], cwd);
    outputs.push(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(',')),
    );
  }
  expect(outputs[0]).toHaveLength(7);
  expect(outputs[0]).toEqual(outputs[1]);
});
