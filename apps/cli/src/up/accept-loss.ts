import { z } from 'zod';
import type { Context } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList } from '../output.js';
import { runOwnersProgram } from './owners-program.js';

const Loss = z.object({ knownPosition: z.int(), head: z.int(), foundAt: z.string() });
const Accepted = z.object({ accepted: z.array(Loss) });

/** Has hubs go on from a log that lost its end. What was lost is shown, and stands in `baton.log_loss` with who accepted it. */
export async function acceptLoss(context: Context): Promise<ExitCode> {
  const { accepted } = Accepted.parse(await runOwnersProgram(context, 'accept-loss'));
  const columns: Columns<z.infer<typeof Loss>> = {
    headings: ['known', 'found', 'at'],
    row: ({ knownPosition, head, foundAt }) => [String(knownPosition), String(head), foundAt],
  };
  const { io, format } = context;
  writeList(io, format, accepted, columns, 'nothing is lost that anybody knows of');
  if (accepted.length > 0) writeLine(io.err, 'Start the stack again; what was lost has to be submitted anew.');
  return ExitCode.ok;
}
