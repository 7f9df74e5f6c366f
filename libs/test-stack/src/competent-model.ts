/**
 * What a model that knows its trade says when it is asked to teach `examples/repository/csv-tools` other delimiters, as
 * `examples/requirements/csv-delimiters.md` wants. It forgets the README at first, and learns that from the checks that it
 * runs, as a model would: what it is told decides what it does next. Nothing here knows a wire format.
 */

/** A request, as any server sees it. */
export interface Seen {
  /** Names of the tools that are offered, and the fields of what `finish` takes. */
  readonly tools: readonly string[];
  readonly answerFields: readonly string[];
  /** How many answers it has given in this conversation. */
  readonly turn: number;
  /** What the tools said to the last of them. */
  readonly told: string;
}

export interface Call {
  readonly name: string;
  readonly input: object;
}

export function play(seen: Seen): readonly Call[] {
  if (!seen.tools.includes('finish')) throw new Error(`nothing to finish with: ${seen.tools.join(', ')}`);
  if (seen.answerFields.includes('components')) return turnOf(seen, PLANNER);
  if (seen.answerFields.includes('scores')) return turnOf(seen, REVIEWER);
  return turnOf(seen, PROGRAMMER);
}

type Turn = (seen: Seen) => readonly Call[];

const turnOf = (seen: Seen, turns: readonly Turn[]): readonly Call[] => {
  const turn = turns[seen.turn];
  if (turn === undefined) throw new Error(`a turn too many: ${seen.turn}, after ${seen.told.slice(0, 300)}`);
  return turn(seen);
};

const read = (path: string): Call => ({ name: 'read', input: { path } });
const edit = (path: string, old: string, fresh: string): Call => ({ name: 'edit', input: { path, old, new: fresh } });
const run = (check: string): Call => ({ name: 'run', input: { check } });

const PLANNER: readonly Turn[] = [
  () => [{ name: 'list', input: {} }, read('AGENTS.md'), read('src/parse.ts')],
  () => [
    {
      name: 'finish',
      input: {
        goal: 'Files with semicolons and tabs are read like those with commas.',
        components: [
          { name: 'guessDelimiter', purpose: 'says which delimiter a text uses' },
          { name: 'parseCsv', purpose: 'reads with a given delimiter' },
        ],
        files: [
          { path: 'src/delimiter.ts', purpose: 'guessDelimiter' },
          { path: 'src/parse.ts', purpose: 'the second argument of parseCsv' },
          { path: 'src/cli.ts', purpose: 'both commands guess' },
          { path: 'src/index.ts', purpose: 'exports guessDelimiter' },
          { path: 'test/delimiter.test.ts', purpose: 'tests' },
        ],
        interfaces: [
          {
            name: 'guessDelimiter',
            signature: 'guessDelimiter(text: string): Delimiter',
            description: 'looks at the header row, outside of quotes',
          },
        ],
        testPlan: ['each delimiter', 'a delimiter in quotes', 'a header of one column'],
        risks: ['a header in which two delimiters occur equally often: the comma first'],
        openQuestions: [],
        answers: [],
      },
    },
  ],
];

const REVIEWER: readonly Turn[] = [
  ({ tools }) => [tools.includes('diff') ? { name: 'diff', input: {} } : read('src/parse.ts')],
  () => [
    {
      name: 'finish',
      input: {
        issues: [],
        summary: 'It does what is asked, and fits the project.',
        scores: { alignment: 9.5, standardization: 9.2, compatibility: 9.4 },
        verdict: 'pass',
      },
    },
  ],
];

const PROGRAMMER: readonly Turn[] = [
  () => ['AGENTS.md', 'src/parse.ts', 'src/cli.ts', 'src/index.ts', 'README.md'].map(read),
  () => [
    { name: 'write', input: { path: 'src/delimiter.ts', content: DELIMITER } },
    edit(
      'src/parse.ts',
      "import type { Table } from './table.ts';",
      "import type { Delimiter } from './delimiter.ts';\nimport type { Table } from './table.ts';",
    ),
    edit(
      'src/parse.ts',
      'parseCsv(text: string): Table {',
      "parseCsv(text: string, delimiter: Delimiter = ','): Table {",
    ),
    edit(
      'src/parse.ts',
      "[...recordsOf(text.replace(/^\\uFEFF/, ''))]",
      "[...recordsOf(text.replace(/^\\uFEFF/, ''), delimiter)]",
    ),
    edit(
      'src/parse.ts',
      'function* recordsOf(text: string)',
      'function* recordsOf(text: string, delimiter: Delimiter)',
    ),
    edit(
      'src/parse.ts',
      `text[at] === '"' ? quotedField(text, at, line) : plainField(text, at, line);`,
      `text[at] === '"' ? quotedField(text, at, line, delimiter) : plainField(text, at, line, delimiter);`,
    ),
    edit('src/parse.ts', "if (text[at] === ',') {", 'if (text[at] === delimiter) {'),
    edit('src/parse.ts', 'The file ends behind a comma.', 'The file ends behind a delimiter.'),
    edit(
      'src/parse.ts',
      'function plainField(text: string, at: number, line: number): Field {',
      'function plainField(text: string, at: number, line: number, delimiter: Delimiter): Field {',
    ),
    edit('src/parse.ts', "text.length && text[end] !== ','", 'text.length && text[end] !== delimiter'),
    edit(
      'src/parse.ts',
      'function quotedField(text: string, at: number, line: number): Field {',
      'function quotedField(text: string, at: number, line: number, delimiter: Delimiter): Field {',
    ),
    edit('src/parse.ts', "|| text[end] === ',' ||", '|| text[end] === delimiter ||'),
    edit('src/parse.ts', 'comes neither a comma nor a line end', 'comes neither a delimiter nor a line end'),
    edit(
      'src/cli.ts',
      "import { CsvError } from './csv-error.ts';",
      "import { CsvError } from './csv-error.ts';\nimport { guessDelimiter } from './delimiter.ts';",
    ),
    edit(
      'src/cli.ts',
      'const table = parseCsv(read(file));',
      'const text = read(file);\n    const table = parseCsv(text, guessDelimiter(text));',
    ),
    edit(
      'src/index.ts',
      "export { CsvError } from './csv-error.ts';",
      "export { CsvError } from './csv-error.ts';\nexport { guessDelimiter } from './delimiter.ts';",
    ),
    { name: 'write', input: { path: 'test/delimiter.test.ts', content: TESTS } },
  ],
  ({ told }) => {
    if (told.includes('"old"') || /stands? (nowhere|\d+ times)/.test(told)) throw new Error(`an edit failed: ${told}`);
    return [run('tests'), run('conventions')];
  },
  ({ told }) => {
    if (!told.includes('guessDelimiter is exported and not described')) throw new Error(`unexpected: ${told}`);
    return [
      edit(
        'README.md',
        '- `formatCsv` writes',
        '- `guessDelimiter` says whether a text uses commas, semicolons or tabs, which `parseCsv` takes as its second argument.\n- `formatCsv` writes',
      ),
      run('conventions'),
    ];
  },
  () => [
    {
      name: 'finish',
      input: { notes: 'Where two delimiters occur equally often, the comma wins.', testCommand: 'node --test' },
    },
  ],
];

const DELIMITER = `/** What separates the fields of a file. */
export type Delimiter = ',' | ';' | '\\t';

const DELIMITERS: readonly Delimiter[] = [',', ';', '\\t'];

/** The delimiter that occurs most often in the header row, outside of quotes; the comma where none occurs. */
export function guessDelimiter(text: string): Delimiter {
  const header = headerOf(text);
  const countOf = (delimiter: Delimiter): number => header.split(delimiter).length - 1;
  return DELIMITERS.reduce((best, each) => (countOf(each) > countOf(best) ? each : best));
}

/** The first row, without what stands in quotes. */
function headerOf(text: string): string {
  let header = '';
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\n' && !isQuoted) break;
    else if (!isQuoted) header += character;
  }
  return header;
}
`;

const TESTS = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../src/cli.ts';
import { guessDelimiter } from '../src/delimiter.ts';
import { parseCsv } from '../src/parse.ts';

test('each delimiter is read and guessed, also where others stand in quotes', () => {
  for (const delimiter of [',', ';', '\\t'] as const) {
    const text = \`a\${delimiter}"b,;\\t"\\n1,5\${delimiter}2\\n\`.replace('1,5', '"1,5"');
    assert.equal(guessDelimiter(text), delimiter);
    assert.deepEqual(parseCsv(text, delimiter), { columns: ['a', 'b,;\\t'], rows: [['1,5', '2']] });
  }
});

test('a header of one column has a comma', () => {
  assert.equal(guessDelimiter('a\\n1;2\\n'), ',');
  assert.equal(guessDelimiter(''), ',');
});

test('the commands guess', () => {
  const { out } = run(['select', 'x', 'b'], () => 'a;b\\n1,5;2\\n');
  assert.equal(out, 'b\\n2\\n');
});
`;
