import type { Context } from '../context.js';
import { writeLine } from '../output.js';
import { printable } from '../table.js';

/** What a newer version has made is not in a list, and is not concealed either. */
export function tellUnreadable({ io }: Pick<Context, 'io'>, names: readonly string[] | undefined): void {
  if (names === undefined || names.length === 0) return;
  writeLine(io.err, `Not shown, since a newer version of Baton has made them: ${names.map(printable).join(', ')}.`);
}
