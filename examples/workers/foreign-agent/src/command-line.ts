import { BatonError } from '@baton/contracts';

/** What stands in the command line for what differs from task to task. */
const PLACES = ['prompt', 'text', 'workspace', 'report'] as const;
export type Place = (typeof PLACES)[number];

/** A program and its arguments, with places such as `{prompt}` in them. */
export type CommandLine = readonly [string, ...string[]];

const refused = (sentence: string): BatonError =>
  new BatonError(`FOREIGN_AGENT_COMMAND ${sentence}.`, {
    code: 'invalid-environment',
    next: 'Set it as README.md says, such as: some-agent --prompt-file {prompt} --dir {workspace}',
  });

/**
 * The words of a command line. No shell reads it: quotes, single or double, hold a word together, and nothing else in it means
 * anything.
 *
 * @throws BatonError `invalid-environment`
 */
export function readCommandLine(text: string): CommandLine {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["']/g)) {
    if (word === '"' || word === "'") throw refused('has a quote that does not end');
    words.push(
      word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
    );
  }
  const [program, ...rest] = words;
  if (program === undefined || program === '') throw refused('names no program');
  const places = rest.flatMap((word) => [...word.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name));
  const unknown = places.find((name) => !PLACES.some((place) => place === name));
  if (unknown !== undefined)
    throw refused(`has {${unknown}}, which stands for nothing: there are {${PLACES.join('}, {')}}`);
  if (!places.includes('prompt') && !places.includes('text'))
    throw refused(
      'does not say where the task goes: put {prompt}, the path of a file with it, or {text}, the task itself',
    );
  return [program, ...rest];
}

/** The arguments of one task. What is filled in is never read again. */
export const fillIn = (
  [program, ...rest]: CommandLine,
  values: Readonly<Record<Place, string>>,
): [string, ...string[]] => [
  program,
  ...rest.map((word) =>
    word.replaceAll(/\{(prompt|text|workspace|report)\}/g, (whole, name: string) => {
      const place = PLACES.find((each) => each === name);
      return place === undefined ? whole : values[place];
    }),
  ),
];

/** Whether the task itself is an argument, of which the system takes no more than so many bytes. */
export const hasText = (command: CommandLine): boolean => command.some((word) => word.includes('{text}'));
export const MAX_TEXT_BYTES = 120_000;
