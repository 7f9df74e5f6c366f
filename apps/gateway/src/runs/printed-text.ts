import { PrintedOutput } from '@baton/contracts';
import { getBytes, readStream } from '@baton/event-store';
import { z } from 'zod';
import { wholeNumber } from '../http/parameters.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type Asked, requireRunId } from './find-run.js';

export const PrintedQuery = z.strictObject({
  /** The version of the event that a validation by tools ended with. */
  event: wholeNumber(/^\d{1,9}$/, 'must be the version of an event'),
  tool: z.string().min(1).max(200),
  stream: z.enum(['stdout', 'stderr']),
});

/** What is read of a report; whatever else it holds is somebody else's. */
const Reported = z.object({ output: z.object({ tools: z.array(z.unknown()) }) });
const Ran = z.object({ tool: z.string(), execution: z.object({ printed: PrintedOutput }) });

/** Nobody else is believed: who handed in a hash as a worker of their own would get whatever blob has it. */
const JUDGE = 'validator';

interface Printed {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: () => Promise<Buffer>;
}

/** What a tool printed, as far as it was kept. Nothing is given but what this event of this run names. @throws ProblemError 404 */
export async function printedText(asked: Asked, idOrPrefix: string, query: unknown): Promise<Printed> {
  const { event, tool, stream } = parseParameters(PrintedQuery, query);
  const { pool } = asked;
  const runId = await requireRunId(asked, idOrPrefix);
  const [stored] = event === 0 ? [] : await readStream(pool, runId, { fromVersion: event, toVersion: event });
  const isReport = stored?.type === 'TaskSucceeded' && stored.actor.id === JUDGE;
  const reported = isReport ? Reported.safeParse(JSON.parse(stored.dataText)).data : undefined;
  const ran = reported?.output.tools.flatMap((each) => Ran.safeParse(each).data ?? []) ?? [];
  const printed = ran.find((each) => each.tool === tool)?.execution.printed[stream] ?? null;
  if (printed === null) {
    throw new ProblemError(`Event ${event} of run ${runId} has nothing that ${JSON.stringify(tool)} printed.`, {
      status: 404,
      code: 'nothing-printed',
      next: 'What tools print is kept where a validation by tools ended; execution.printed of each of its tools says what there is.',
    });
  }
  const { sha256 } = printed;
  return { name: `${tool}.${stream}.txt`, sha256, bytes: () => getBytes(pool, sha256) };
}
