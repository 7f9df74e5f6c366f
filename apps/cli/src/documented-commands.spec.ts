import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram } from './program.js';
import { recordedIo } from './testing/console.js';

const root = join(import.meta.dirname, '../../..');
const program = buildProgram({ io: recordedIo(), version: '', run: async () => {} });

const PLACES = ['README.md', 'docs/*.md', 'docs/how-to/*.md', 'workflows/*.md', 'examples/workers/*/README.md'];
const pages = globSync(PLACES, { cwd: root }).toSorted();

/** What a shell would be told of `baton`, without its comments; lines that go on are one. */
function commandsIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) =>
      block
        .replaceAll(/<<'END'\n[\s\S]*?^END$/gm, '')
        .replaceAll(/\\\n\s*/g, ' ')
        .split('\n'),
    )
    .flatMap((line) => [...line.matchAll(/(?:^|[(|;]|&&)\s*(?:npm run )?baton(?: --)? ([^#]*)/g)])
    .map(([, words = '']) =>
      words
        .replaceAll(/'[^']*'|"[^"]*"/g, 'TEXT')
        .replace(/[)|;>].*$/, '')
        .trim(),
    );
}

const optionsOf = (command: Command): readonly string[] => [
  ...command.options.flatMap(({ long, short }) => [long ?? '', short ?? '']),
  ...(command.parent === null ? ['--help'] : optionsOf(command.parent)),
];

/** What is wrong with a command of a page; null where it is one. */
function problemOf(words: readonly string[], from: Command = program): string | null {
  const [first = '', ...rest] = words;
  const inner = from.commands.find((command) => command.name() === first || command.aliases().includes(first));
  if (inner !== undefined) return problemOf(rest, inner);
  if (from.commands.length > 0 && first !== '' && !/^[-[A-Z]/.test(first)) return `${from.name()} has no ${first}`;
  const known = optionsOf(from);
  const unknown = words.filter((word) => /^\[?--?[a-z]/.test(word)).map((word) => word.replace(/^\[|[=\]].*$/g, ''));
  const wrong = unknown.find((word) => !known.includes(word));
  return wrong === undefined ? null : `${from.name()} has no ${wrong}`;
}

describe('every command that a page shows is there, with its options', () => {
  test.each(pages)('%s', (page) => {
    const commands = commandsIn(readFileSync(join(root, page), 'utf8'));
    const wrong = commands.flatMap((command) => {
      const problem = problemOf(command.split(/\s+/));
      return problem === null ? [] : [`baton ${command}: ${problem}`];
    });
    expect(wrong).toEqual([]);
  });
});

test('a command that is not there is found, and an option, too', () => {
  expect(commandsIn('```sh\nID=$(baton run sumbit --watch)   # a comment\nls | baton audit\n```')).toEqual([
    'run sumbit --watch',
    'audit',
  ]);
  expect(problemOf(['run', 'sumbit'])).toBe('run has no sumbit');
  expect(problemOf(['run', 'submit', '--wacth'])).toBe('submit has no --wacth');
  expect(problemOf(['run', 'submit', '--watch', '-o', 'json'])).toBeNull();
});
