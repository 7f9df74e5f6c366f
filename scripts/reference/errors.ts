import { globSync, readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { code, GENERATED, page, sentence, table } from './markdown.js';
import { blocksIn } from './source-blocks.js';
import { OF_ERRORS } from './words.js';

const INTRODUCTION = `# Errors

Whatever Baton refuses or cannot do has a **code** that never changes its meaning, a sentence that says what is wrong, and mostly one that says what to do next. Over HTTP it is [problem details](../api.md#when-it-is-refused) with \`code\`, \`detail\` and \`next\`; the command \`baton\` writes the same to stderr (with \`-o json\` as JSON), and gives its advice in words of commands. A part in \`…\` stands for what differs from case to case.`;

interface Said {
  readonly code: string;
  readonly status: number | null;
  readonly next: string;
}

const STRING = String.raw`(?:'((?:[^'\\]|\\.)*)'|\`((?:[^\`\\]|\\.)*)\`)`;
const FACTS = /\{((?:[^{}]|\$\{[^{}]*\})*?)\bcode: '([a-z][a-z0-9-]+)'/g;
const NEXT = new RegExp(String.raw`^[^{}]*?\bnext:\s*${STRING}`);

const textOf = (single: string | undefined, template: string | undefined): string =>
  (single ?? template ?? '')
    .replaceAll(/\$\{[^{}]*\}/g, '…')
    .replaceAll("\\'", "'")
    .replaceAll('\\`', '`');

/** What a source says of the errors it makes. */
function saidIn(source: string): readonly Said[] {
  return [...source.matchAll(FACTS)].map((match) => {
    const before = match[1] ?? '';
    const after = source.slice((match.index ?? 0) + match[0].length);
    const [, single, template] = NEXT.exec(after.replaceAll(/\$\{[^{}]*\}/g, '…')) ?? [];
    const status = /\bstatus: (\d{3})/.exec(before) ?? /^,?\s*status: (\d{3})/.exec(after);
    return { code: match[2] ?? '', status: status === null ? null : Number(status[1]), next: textOf(single, template) };
  });
}

/** By code: what its first place with advice says, and every status that it comes with. */
function byCode(said: readonly Said[]): ReadonlyMap<string, readonly string[]> {
  const codes = [...new Set(said.map((each) => each.code))].toSorted();
  return new Map(
    codes.map((name) => {
      const own = said.filter((each) => each.code === name);
      const advice = [...new Set(own.map(({ next }) => next).filter((next) => next !== ''))];
      const shown = advice.slice(0, 3).map(sentence).join(' Or: ');
      const statuses = [...new Set(own.flatMap(({ status }) => (status === null ? [] : [String(status)])))].toSorted();
      return [name, [code(name), statuses.join(', '), shown]];
    }),
  );
}

function readAll(root: string, patterns: readonly string[]): readonly Said[] {
  return globSync([...patterns], { cwd: root })
    .filter(
      (path) =>
        !/\.spec\.ts$|\/testing\/|\/openapi\/|^apps\/(bench|e2e)\/|^libs\/(test-stack|asl-conformance)\//.test(path),
    )
    .toSorted()
    .flatMap((path) => saidIn(readFileSync(join(root, path), 'utf8')));
}

/** The constants of an object in the sources with the comments above them. */
function constantsIn(root: string, file: string, name: string): readonly (readonly [value: string, comment: string])[] {
  const { members = new Map() } = blocksIn(readFileSync(join(root, file), 'utf8')).get(name) ?? {};
  return [...members.values()].map(({ expression, comment }) => [expression.replaceAll("'", ''), comment]);
}

/** The page about codes and names of errors, from the places that make them. */
export function errorsPage(root: string): string {
  const http = readAll(root, ['apps/gateway/src/**/*.ts']);
  const refusals = byCode(http.filter(({ status }) => status !== null));
  const all = byCode(readAll(root, ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts']));
  const others = [...all]
    .filter(([name, row]) => !refusals.has(name) && row[2] !== '')
    .map(([, row]) => [row[0] ?? '', row[2] ?? '']);
  const exits = [
    ...(blocksIn(readFileSync(join(root, 'apps/cli/src/exit-codes.ts'), 'utf8')).get('ExitCode')?.members ?? []),
  ];
  return page([
    GENERATED,
    INTRODUCTION,
    '## Refusals over HTTP',
    `By status: ${[...new Set(http.flatMap(({ status }) => (status === null ? [] : [status])))]
      .toSorted()
      .map((status) => `${status} ${STATUS_CODES[status] ?? ''}`.trim())
      .join(', ')}.`,
    table(['code', 'status', 'what to do'], [...refusals.values()]),
    '## Codes of programs',
    'What commands, services, workers and libraries end or answer with; a service that cannot start says it and ends with exit code 1, or 75 where another try can help.',
    table(['code', 'what to do'], others),
    '## Names of errors in a run',
    'What the `ErrorEquals` of Retry and Catch match, and what a failed run names. A worker of yours adds its own: the `name` of what it throws.',
    table(
      ['name', 'what happened'],
      [
        ...constantsIn(root, 'libs/asl/src/error-names.ts', 'ErrorName').map(([value]) => [
          code(value),
          OF_ERRORS[value] ?? '',
        ]),
        ...constantsIn(root, 'libs/contracts/src/errors.ts', 'BatonErrorName').map(([value, comment]) => [
          code(value),
          sentence(comment) || (OF_ERRORS[value] ?? ''),
        ]),
      ],
    ),
    '## Exit codes of `baton`',
    table(
      ['exit code', 'name'],
      exits.map(([name, { expression }]) => [
        code(expression),
        name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      ]),
    ),
  ]);
}
