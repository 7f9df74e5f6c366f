import type { Context } from '../context.js';
import { writeLine } from '../output.js';
import { shellWord } from '../shell-word.js';

/** Where a list was cut: the command that goes on where it ends. Options that are undefined are left out. */
export function tellMore(
  { io, format }: Context,
  command: string,
  options: readonly (readonly [name: string, value: string | number | undefined])[],
  next: string | null,
): void {
  if (next === null || format !== 'table') return;
  const words = [...options, ['after', next] as const].flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${shellWord(String(value))}`],
  );
  writeLine(io.err, `There are more: \`baton ${[command, ...words].join(' ')}\`.`);
}
