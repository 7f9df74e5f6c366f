import type { Command } from 'commander';
import { UsageError } from './exit-codes.js';

/** What names a thing, as the command line calls it. */
const NAMES: ReadonlySet<string> = new Set(['id', 'name', 'state', 'delivery', 'file', 'url', 'name|file']);

type Parse = <T>(word: string, before: T) => T;

/**
 * A name that is empty is mostly a variable of the shell that is not set. It is refused wherever a command, or one of its
 * options, takes the name of a thing.
 */
export function refuseEmptyNames(command: Command): void {
  for (const argument of command.registeredArguments) {
    if (NAMES.has(argument.name())) argument.argParser(nonEmpty(`the ${argument.name()}`, argument.parseArg));
  }
  for (const option of command.options) {
    const name = /<(.+)>/.exec(option.flags)?.[1] ?? '';
    if (NAMES.has(name)) option.argParser(nonEmpty(option.long ?? option.flags, option.parseArg));
  }
  for (const inner of command.commands) refuseEmptyNames(inner);
}

const nonEmpty =
  (what: string, parse: Parse | undefined) =>
  (word: string, before: unknown): unknown => {
    if (word.trim() === '') {
      throw new UsageError(
        `${what.charAt(0).toUpperCase()}${what.slice(1)} is empty.`,
        'Give a word that is not; a variable of the shell may not be set.',
      );
    }
    return parse === undefined ? word : parse(word, before);
  };
