import type { Catalog } from '@baton/catalog';
import {
  type Actor,
  actorAsJson,
  CancelRun,
  DecideApproval,
  ForkRun,
  type JsonObject,
  ONLY_SHARD,
  PauseRun,
  RateRun,
  ResumeRun,
  RetryRun,
  type RunId,
  readTraceparent,
  runIdBeside,
  type Shard,
  SignalRun,
  SubmitRun,
  TerminalError,
  toError,
} from '@baton/contracts';
import { findProducer, findRequest, type PendingRequest } from '@baton/event-store';
import type { Sealer } from '@baton/personal-data';
import type { RunOrder } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { HubMessage } from '../hub/message.js';
import { SCHEDULED } from '../schedules/scheduled-requests.js';
import { changeCut, changesOf } from './change-cut.js';
import { cutOfRun } from './cut-of-run.js';
import { sealFork } from './seal-fork.js';
import { type ProvenRequest, readSigned } from './signed-request.js';
import { actorOf, refuseElsewhere, submission } from './submission.js';
import { readTaskAnswer } from './task-answer.js';

/** What requests are turned into messages with. */
export interface RequestPorts {
  readonly pool: Pool;
  /** Which of all logs this is; absent where it is the only one. */
  readonly shard?: Shard;
  readonly sealer: Sealer;
  readonly catalog: ReturnType<Catalog['asOf']>;
  /** Whether whatever comes past the gateway has to be signed. */
  readonly isSignedOnly?: boolean;
}

type Reader = (message: unknown, accepted: JsonObject | null, ports: RequestPorts) => Promise<HubMessage>;

/** The requests there are, by the name of their job on `intake`. */
const READERS: Readonly<Record<string, Reader>> = {
  submit: async (message, accepted, ports) => {
    const submit = SubmitRun.parse(message);
    // What the gateway accepted is begun, also where its version was withdrawn since. For what a schedule asks for nobody looked.
    const wasOffered = accepted !== null && !submit.requestId.startsWith(SCHEDULED);
    return submission(submit, ports, actorOf(submit, accepted), wasOffered ? 'kept' : 'offered');
  },
  cancel: reading(CancelRun, ({ requestId, reason }) => ({
    type: 'CancelRun',
    requestId,
    reason: reason ?? 'cancelled on request',
  })),
  pause: reading(PauseRun, ({ requestId, reason = '' }) => ({ type: 'PauseRun', requestId, reason })),
  rate: reading(RateRun, ({ requestId, score, note = '', decisionId, state }) => ({
    type: 'RateRun',
    requestId,
    score,
    note,
    decisionId,
    state,
  })),
  resume: reading(ResumeRun, ({ requestId, runId }) => ({ type: 'ResumeRun', requestId, runId })),
  signal: reading(SignalRun, ({ requestId, runId, name, data = null }) => ({
    type: 'SignalRun',
    requestId,
    runId,
    name,
    data,
  })),
  'answer-task': readTaskAnswer,
  'decide-approval': async (message, accepted) => {
    const answer = DecideApproval.parse(message);
    const { requestId, runId, approvalId, decision, comment = '', sha256, move, output, workspace } = answer;
    if (!approvalId.startsWith(`${runId}-`)) {
      throw new TerminalError(`Approval ${approvalId} does not belong to run ${runId}.`, { code: 'foreign-command' });
    }
    // What the gateway accepted is believed; the message itself may be anybody's.
    const vouched = DecideApproval.shape.roles.safeParse(accepted?.roles);
    const roles = vouched.success ? vouched.data : undefined;
    const order: RunOrder = {
      type: 'DecideApproval',
      requestId,
      approvalId,
      decision,
      comment,
      sha256,
      move,
      output,
      workspace,
      roles,
    };
    return { runId, order, actor: actorOf(answer, accepted), causationId: requestId, requestId };
  },
  retry: reading(RetryRun, async ({ requestId, runId, reason = '' }, { pool }) => {
    const { cut, eventCount } = await cutOfRun(pool, runId);
    return { type: 'RetryRun', requestId, runId, reason, cut, failedAt: eventCount };
  }),
  fork: async (message, accepted, { pool, catalog, sealer, shard = ONLY_SHARD }) => {
    const fork = ForkRun.parse(message);
    const { requestId, labels = {} } = fork;
    const runId = fork.forkId ?? runIdBeside(requestId, fork.runId);
    refuseElsewhere(runId, shard);
    const { cut: before } = await cutOfRun(pool, fork.runId, fork.at);
    const asked = changesOf(fork);
    const { cut, changed } = await sealFork(await changeCut(before, asked, catalog), asked, {
      sealer,
      before,
      from: fork.runId,
      to: runId,
    });
    const from = { runId: fork.runId, version: cut.version };
    const order: RunOrder = { type: 'ForkRun', requestId, runId, from, cut, changed, labels };
    return { runId, order, actor: actorOf(fork, accepted), causationId: requestId, requestId };
  },
};

interface AboutRun {
  readonly requestId: string;
  readonly runId: RunId;
  readonly actor?: Actor | undefined;
}

/** A request about a run that exists. */
function reading<T extends AboutRun>(
  schema: { parse(value: unknown): T },
  toOrder: (request: T, ports: RequestPorts) => RunOrder | Promise<RunOrder>,
): Reader {
  return async (message, accepted, ports) => {
    const request = schema.parse(message);
    const { runId, requestId } = request;
    const order = await toOrder(request, ports);
    return { runId, order, actor: actorOf(request, accepted), causationId: requestId, requestId };
  };
}

/**
 * A request as a message of the hub. What the gateway accepted counts: whoever can write to the queue and knows the id of
 * a request could otherwise speak for the person who made it.
 *
 * @param accepted the request with this id as the gateway accepted it, or null when it did not
 * @throws TerminalError when it is none that can be carried out; RetryableError `unknown-run` when its run may yet begin
 */
export async function readRequest(
  name: string,
  message: unknown,
  accepted: PendingRequest | null,
  ports: RequestPorts,
): Promise<HubMessage> {
  const reader = readerOf(name);
  const vouched = accepted?.name === name ? accepted.message : null;
  if (name === SIGNED) return readProven(await ofItsShape(readSigned(vouched ?? message, ports.pool)), ports);
  if (reader === undefined) throw unknownRequest(name);
  if (vouched === null) await refuseUnproven(message, ports);
  return traced(await ofItsShape(reader(vouched ?? message, vouched, ports)), vouched ?? message);
}

/** A request belongs to the trace of whoever asked, where it names one. */
function traced(told: HubMessage, request: unknown): HubMessage {
  if (typeof request !== 'object' || request === null || !('traceparent' in request)) return told;
  const trace = readTraceparent(request.traceparent);
  return trace === undefined ? told : { ...told, trace };
}

const SIGNED = 'signed';

/** The name is anybody's. */
const readerOf = (name: string): Reader | undefined => (Object.hasOwn(READERS, name) ? READERS[name] : undefined);

const ofItsShape = <T>(reading: Promise<T>): Promise<T> =>
  reading.catch((thrown: unknown) => {
    if (!isOfItsShape(thrown)) throw thrown;
    throw new TerminalError(`The request does not fit its schema: ${toError(thrown).message}`, {
      code: 'invalid-request',
      cause: thrown,
    });
  });

/** As if the gateway had accepted it, but for what an acceptance alone gives: roles, and a version that was withdrawn. */
async function readProven({ name, request, actor }: ProvenRequest, ports: RequestPorts): Promise<HubMessage> {
  const reader = readerOf(name);
  if (name === 'submit') return traced(await ofItsShape(submitted(request, actor, ports)), request);
  if (reader !== undefined) {
    return traced(await ofItsShape(reader(request, { actor: actorAsJson(actor) }, ports)), request);
  }
  throw unknownRequest(name);
}

const unknownRequest = (name: string): TerminalError =>
  new TerminalError(`There is no request named ${name}.`, { code: 'unknown-request' });

const submitted = async (request: JsonObject, actor: Actor, ports: RequestPorts): Promise<HubMessage> =>
  submission(SubmitRun.parse(request), ports, actor, 'offered');

const Claim = z.object({
  requestId: z.string().optional().catch(undefined),
  actor: z
    .object({ type: z.literal('producer'), id: z.string() })
    .optional()
    .catch(undefined),
});

/**
 * What came past the gateway without a signature, where all must have one, or in the name of a producer that signs. A message
 * of the gateway that comes again after its request was carried out is none: it has no effect.
 *
 * @throws TerminalError `unsigned-request`, `actor-not-proven`
 */
async function refuseUnproven(message: unknown, { pool, isSignedOnly = false }: RequestPorts): Promise<void> {
  const { requestId, actor } = Claim.catch({}).parse(message);
  const claimed = actor === undefined ? null : await findProducer(pool, actor.id);
  const isOfSigner = claimed !== null && claimed.publicKey !== null;
  if (!isSignedOnly && !isOfSigner) return;
  if (requestId !== undefined && (await findRequest(pool, requestId)) !== null) return;
  throw isOfSigner
    ? new TerminalError(
        `The request says that it comes from the producer ${claimed.name}, which signs, and is not signed.`,
        {
          code: 'actor-not-proven',
          next: 'Send it as the job `signed`, with the signature of that producer.',
        },
      )
    : new TerminalError('Whoever puts requests into the intake queue past the gateway has to sign them here.', {
        code: 'unsigned-request',
        next: 'Send it as the job `signed`, with the signature of a producer made with `baton auth producer create NAME --sign`; or submit over HTTP.',
      });
}

const isOfItsShape = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'ZodError';
