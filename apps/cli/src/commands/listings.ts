import { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList } from '../output.js';

const DeadLetterItem = z.looseObject({
  id: z.union([z.int(), z.string()]),
  at: z.string(),
  source: z.string(),
  name: z.string(),
  reason: z.string(),
});
const DeadLetterList = z.object({ deadLetters: z.array(DeadLetterItem), next: z.string().nullish() });

const deadLetterColumns: Columns<z.infer<typeof DeadLetterItem>> = {
  headings: ['ID', 'TIME', 'QUEUE', 'NAME', 'REASON'],
  row: ({ id, at, source, name, reason }) => [String(id), at, source, name, reason],
};

export async function listDeadLetters(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const page = await gateway.get({ path: '/v1/dead-letters', schema: DeadLetterList, signal: context.interrupted });
  writeList(context.io, context.format, page.deadLetters, deadLetterColumns, 'There is no dead letter.');
  if (page.next != null && context.format === 'table') {
    writeLine(context.io.err, 'These are the newest; GET /v1/dead-letters has the others, page by page.');
  }
  return ExitCode.ok;
}
