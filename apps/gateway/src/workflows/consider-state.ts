import type { CatalogEntry } from '@baton/catalog';
import { ConsiderBody, type Considered } from '@baton/contracts';
import { readFactsOfState } from '@baton/event-store';
import { dataOf } from '../events/event-view.js';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { requireRunId } from '../runs/find-run.js';

type Parts = Pick<GatewayParts, 'catalog' | 'pool' | 'caller' | 'archives' | 'nowMs'>;
type Standing = Parameters<Parts['catalog']['checks']['consider']>[0]['from'];

/**
 * What the engine would do from where somebody stands: decided where expressions of anybody's can be stopped.
 *
 * @param require finds a workflow of the caller's
 * @throws ProblemError 404 for a run or a workflow that is not there, 422
 */
export async function considerState(
  parts: Parts,
  rawBody: unknown,
  require: (ref: string) => Promise<CatalogEntry>,
): Promise<Considered> {
  const body = parseBody(ConsiderBody, rawBody);
  const from = await standingOf(parts, body, require);
  const answer = await parts.catalog.checks.consider({ from, outcome: body.outcome ?? null, nowMs: parts.nowMs() });
  if (!answer.ok) throw misfit(answer.pointer, answer.reason, answer.next);
  return JSON.parse(JSON.stringify(answer.considered));
}

async function standingOf(
  parts: Parts,
  { workflow, at, events, run }: ConsiderBody,
  require: (ref: string) => Promise<CatalogEntry>,
): Promise<Standing> {
  if ([at, events, run].filter((each) => each !== undefined).length !== 1) {
    throw misfit('', 'The request says not where to look from, or says it twice.', 'Give one of at, events and run.');
  }
  if (events !== undefined) return { type: 'log', events };
  if (run !== undefined) {
    const facts = await readFactsOfState(parts.pool, await requireRunId(parts, run.id), run.at);
    return {
      type: 'log',
      events: facts.map(({ type, schemaVersion, ...stored }) => ({ type, schemaVersion, data: dataOf(stored) })),
    };
  }
  if (at === undefined || workflow === undefined) {
    throw misfit('/workflow', 'A state is one of a workflow.', 'Give the name of a workflow, or a document.');
  }
  const document = typeof workflow === 'string' ? (await require(workflow)).document : workflow;
  return { type: 'state', document: JSON.parse(JSON.stringify(document)), at };
}

const misfit = (pointer: string, detail: string, next: string): ProblemError =>
  new ProblemError(detail, {
    status: 422,
    code: 'cannot-be-considered',
    next,
    errors: [{ pointer, detail }],
  });
