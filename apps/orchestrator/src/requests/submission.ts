import { type Catalog, type CatalogEntry, describeNames } from '@baton/catalog';
import {
  Actor,
  BatonError,
  isSameActor,
  type JsonObject,
  ONLY_SHARD,
  type RunId,
  runIdOfRequest,
  type Shard,
  type SubmitRun,
  shardOf,
  TerminalError,
} from '@baton/contracts';
import { missingSubjects } from '@baton/personal-data';
import { byHandProblems } from '@baton/workflow';
import type { HubMessage } from '../hub/message.js';

const DIRECT_PRODUCER: Actor = { type: 'producer', id: 'intake' };

/**
 * Who asks. The gateway knows its caller, and what it accepted stands in the inbox; anybody else who can reach the queue
 * may claim to be anybody, so that is put down as a producer's word.
 *
 * @param accepted the request as the gateway accepted it, or null when it did not
 */
export function actorOf(request: { readonly actor?: Actor | undefined }, accepted: JsonObject | null): Actor {
  const { actor } = request;
  if (actor === undefined) return DIRECT_PRODUCER;
  const vouched = Actor.safeParse(accepted?.actor);
  if (vouched.success && isSameActor(vouched.data, actor)) return actor;
  return actor.type === 'producer'
    ? { type: 'producer', id: actor.id }
    : { type: 'producer', id: `${actor.type}:${actor.id}`.slice(0, 200) };
}

/**
 * A submission as a message of the hub. The same request id always means the same run.
 *
 * @throws TerminalError `invalid-request`, `wrong-shard`, `unknown-workflow`, `workflow-unreadable` or `invalid-input`: the
 *   submission belongs in the dead letter.
 */
export async function submission(
  submit: SubmitRun,
  { catalog, shard = ONLY_SHARD }: { readonly catalog: ReturnType<Catalog['asOf']>; readonly shard?: Shard },
  actor: Actor,
  among: Parameters<Catalog['find']>[1] = 'offered',
): Promise<HubMessage> {
  const entry = await findWorkflow(catalog, submit.workflow, among);
  const findings = await catalog.checks.input(entry.document, submit.input);
  if (findings.length > 0) {
    const list = findings.map(({ pointer, detail }) => `${pointer === '' ? '/' : pointer} ${detail}`).join('; ');
    throw new TerminalError(`The input does not fit workflow ${submit.workflow}: ${list}.`, { code: 'invalid-input' });
  }
  const unnamed = missingSubjects(entry.document.personal, submit.input);
  if (unnamed.length > 0) {
    throw new TerminalError(`The input does not fit workflow ${submit.workflow}: ${unnamed.join('; ')}.`, {
      code: 'invalid-input',
    });
  }
  const byHand = byHandProblems(entry.document, submit.by);
  if (byHand.length > 0) {
    const list = byHand.map(({ problem }) => problem).join('; ');
    throw new TerminalError(`Steps of ${submit.workflow} cannot be done by hand: ${list}.`, { code: 'not-by-hand' });
  }
  // Half a surrogate pair has no bytes, and so no id can be made of them.
  if (!submit.requestId.isWellFormed()) {
    throw new TerminalError('The request id is not well-formed Unicode.', { code: 'invalid-request' });
  }
  const runId = submit.runId ?? runIdOfRequest(submit.requestId, shard.of);
  refuseElsewhere(runId, shard);
  return {
    runId,
    order: {
      type: 'StartRun',
      submission: { ...submit, runId, actor },
      document: entry.document,
      sha256: entry.sha256,
    },
    actor,
    causationId: submit.requestId,
    requestId: submit.requestId,
  };
}

/** A run begins in the log that its id says, or nobody would find it. @throws TerminalError `wrong-shard` */
export function refuseElsewhere(runId: RunId, { number, of }: Shard): void {
  const where = shardOf(runId, of);
  if (where === number) return;
  const belongs = where === null ? 'says none of the shards that there are' : `belongs in shard ${where} of ${of}`;
  throw new TerminalError(`The id ${runId} ${belongs}, and this is shard ${number}.`, {
    code: 'wrong-shard',
    next: 'Leave runId out, and put the request into the queues of the shard that its request id says: see docs/operating.md.',
  });
}

async function findWorkflow(
  catalog: ReturnType<Catalog['asOf']>,
  ref: string,
  among: Parameters<Catalog['find']>[1],
): Promise<CatalogEntry> {
  const entry = await catalog.find(ref, among).catch((thrown: unknown) => {
    // It is the same at every try, as long as this program runs.
    if (thrown instanceof BatonError && thrown.code === 'workflow-unreadable') {
      throw new TerminalError(thrown.message, { code: thrown.code, next: thrown.next ?? '', cause: thrown });
    }
    throw thrown;
  });
  if (entry !== undefined) return entry;
  throw new TerminalError(`There is no workflow ${ref}.`, {
    code: 'unknown-workflow',
    next: describeNames(await catalog.names()),
  });
}

/**
 * What a submission without effect means: null where its request began the run, by whatever way it came before.
 *
 * @param hasEffect whether the request is on record
 */
export const refusal = (runId: RunId, hasEffect: boolean): TerminalError | null =>
  hasEffect
    ? null
    : new TerminalError(`Run ${runId} exists already, begun by another request.`, {
        code: 'run-exists',
        next: 'Choose another runId, or leave it out.',
      });
