import type { Argument, Command, Option } from 'commander';
import { buildProgram } from '../program.js';
import { recordedIo } from './console.js';

/* The page about all commands, from what `--help` shows of each. */

const INTRODUCTION = `<!-- Written by \`npm run docs\`. What stands here is corrected in the sources it is made of. -->

# Commands

Every command of \`baton\`, as its \`--help\` has it. \`source .baton/env\` puts \`baton\` on the PATH of a shell; inside the checkout \`npm run baton --\` is the same. Ids may be shortened to their beginnings. [Using Baton](../using.md) says what they are for.`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The help of a command as it is printed: with its examples, which are no part of its definition. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 10_000 });
  command.outputHelp();
  return text;
}

function examplesOf(command: Command): readonly string[] {
  const [, text = ''] = helpOf(command).split('\nExamples:\n');
  return text
    .split('\n')
    .filter((line) => line.startsWith('  $ '))
    .map((line) => line.slice(4));
}

const choices = ({ argChoices }: Option | Argument): string =>
  argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;

function defaultOf({ defaultValue }: Option | Argument): string {
  const isShown = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return isShown ? ` Default: ${defaultValue}.` : '';
}

const optionRow = (option: Option): readonly string[] => [
  `\`${option.flags.replaceAll('|', '\\|')}\``,
  cell(`${option.description}${choices(option)}${defaultOf(option) === '' ? '' : `.${defaultOf(option)}`}`),
];

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

const isShown = (command: Command): boolean => command.name() !== 'help' && command.name() !== 'complete';
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

function sections(command: Command, depth: number): readonly string[] {
  const path = pathOf(command);
  const inner = command.commands.filter(isShown);
  const options = command.options.filter(({ hidden }) => !hidden);
  const described = command.registeredArguments.filter(
    ({ description, argChoices }) => description !== '' || argChoices !== undefined,
  );
  const examples = examplesOf(command);
  return [
    `${'#'.repeat(depth)} ${path}`,
    sentence(command.description()),
    ...(inner.length > 0 && options.length === 0 ? [] : [`\`\`\`\n${path} ${command.usage()}\n\`\`\``]),
    table(
      ['argument', 'what it is'],
      described.map((each) => [`\`${each.name()}\``, cell(`${each.description}${choices(each)}`)]),
    ),
    table(['option', 'what it does'], options.map(optionRow)),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``]),
    ...inner.flatMap((each) => sections(each, Math.min(4, depth + 1))),
  ].filter((part) => part !== '');
}

export function cliReference(): string {
  const program = buildProgram({ io: recordedIo(), version: '', run: async () => {} });
  const commands = program.commands.filter(isShown);
  const [, after = ''] = helpOf(program).split('\nExit codes:\n');
  const list = table(
    ['command', 'what it does'],
    commands.map((each) => [
      `[\`${each.name()}\`](#${pathOf(each).replaceAll(' ', '-')})`,
      cell(sentence(each.description())),
    ]),
  );
  const ofAll = program.options.filter(({ short }) => short !== '-h');
  return `${[
    INTRODUCTION,
    list,
    '## Of every command',
    table(['option', 'what it does'], ofAll.map(optionRow)),
    `\`\`\`\nExit codes:\n${after.trimEnd()}\n\`\`\``,
    ...commands.flatMap((each) => sections(each, 2)),
  ].join('\n\n')}\n`;
}
