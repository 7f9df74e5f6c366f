import { createHash } from 'node:crypto';
import { DEFAULT_LIMITS } from '@baton/asl';
import { HOOK_LABEL, HookName, type HookTaken, JsonObject, parseJson, runIdHere } from '@baton/contracts';
import { findHook, type StoredHook } from '@baton/event-store';
import { type Caller, callerOn } from '../auth/caller.js';
import { ProblemError } from '../http/problem.js';
import { deliveryTooLarge, MOST_OF_DELIVERY_BYTES } from '../in-hand/delivery-size.js';
import type { GatewayParts } from '../parts/parts.js';
import { takeSubmission } from '../runs/submit-run.js';
import { type ProvenDelivery, verifyDelivery } from './verify-delivery.js';

/** Somebody outside calls a hook. */
export interface Delivery {
  readonly name: string;
  readonly headers: Parameters<typeof verifyDelivery>[2]['headers'];
  readonly body: Buffer;
}

/**
 * Starts a run, in the name of whoever made the hook. The same delivery is the same run, however often it comes.
 *
 * @throws ProblemError 401 whatever is wrong with who sent it, also where there is no such hook; 403 where its maker may start no
 *   such runs any more; 413; 422; and what a submission is refused with
 */
export async function takeDelivery(parts: GatewayParts, delivery: Delivery): Promise<HookTaken> {
  if (delivery.body.length > MOST_OF_DELIVERY_BYTES) throw deliveryTooLarge();
  const { hook, proven } = await proveDelivery(parts, delivery);
  const caller = await makerOf(parts, hook);
  const deliveryId = proven.deliveryId ?? parts.newId();
  const requestId = `hook-${createHash('sha256').update(`${hook.key}\n${deliveryId}`).digest('hex').slice(0, 40)}`;
  const input = await inputOf(parts, hook, requestId, delivery.body);
  if (input === null) return { status: 'ignored' };
  const labels = { ...hook.run.labels, [HOOK_LABEL]: hook.name };
  // Where there are several logs, by chance it would belong in another one than its hook.
  const place = parts.shard.of === 1 ? {} : { runId: runIdHere(requestId, parts.shard) };
  const submission = { ...hook.run, ...place, labels, input, requestId };
  // What is delivered again may say another time or another try.
  const sameness = { asked: { hook: hook.name, requestId }, likeness: () => ({}) };
  try {
    const { runId } = await takeSubmission({ ...parts, caller: () => caller }, submission, sameness);
    return { status: 'accepted', runId };
  } catch (thrown) {
    const isItsRun = thrown instanceof ProblemError && thrown.code === 'run-exists' && place.runId !== undefined;
    if (!isItsRun) throw thrown;
    // It came long ago: its request is forgotten, and the id of its run is made from nothing else.
    return { status: 'accepted', runId: place.runId };
  }
}

async function proveDelivery(
  { pool, hookSecrets, nowMs }: GatewayParts,
  { name, headers, body }: Delivery,
): Promise<{ readonly hook: StoredHook; readonly proven: ProvenDelivery }> {
  // What no hook can be called is asked of nobody.
  const hook = HookName.safeParse(name).success ? await findHook(pool, name) : null;
  const secret = hook === null ? undefined : hookSecrets.get(hook.secret);
  if (hook === null || secret === undefined) throw notProven();
  const proven = verifyDelivery(hook.verify, secret, { headers, body, nowMs: nowMs() });
  if (proven === null) throw notProven();
  return { hook, proven };
}

/** As they are today: a key may have been revoked, or given other roles. One made again under its name is another. */
async function makerOf({ signIns }: GatewayParts, { name, createdBy, madeAt }: StoredHook): Promise<Caller> {
  const known = await signIns.byKeyName(createdBy, madeAt);
  try {
    if (known !== null) return callerOn(known, 'POST', '/v1/runs');
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
  }
  throw new ProblemError(`Whoever made the hook ${name} may start no runs any more.`, {
    status: 403,
    code: 'hook-without-rights',
    next: 'Have it made again with a key that has the role submitter.',
  });
}

async function inputOf(parts: GatewayParts, hook: StoredHook, seed: string, body: Buffer): Promise<JsonObject | null> {
  const given = bodyOf(body);
  const made = hook.input === undefined ? given : await evaluated(parts, hook, seed, given);
  if (made === null) return null;
  const read = JsonObject.safeParse(made);
  if (read.success) return read.data;
  throw new ProblemError(`What the hook ${hook.name} makes of the body is no object.`, {
    status: 422,
    code: 'hook-input',
    next: 'The input of a run is an object: correct the hook.',
  });
}

/** @param seed of what it draws by chance: another for each delivery, and the same where one comes again */
async function evaluated({ evaluator, nowMs }: GatewayParts, hook: StoredHook, seed: string, input: JsonObject) {
  const scope = { states: { input, context: {} }, variables: {}, nowMs: nowMs(), seed };
  const result = await evaluator.template(hook.input ?? null, scope, 'input', DEFAULT_LIMITS);
  if (result.ok) return result.value;
  throw new ProblemError(`The hook ${hook.name} can make nothing of the body.`, {
    status: 422,
    code: 'hook-input',
    // What it says may repeat the body, which whoever sent it knows, and nobody else reads this.
    next: result.problem.slice(0, 500),
  });
}

function bodyOf(body: Buffer): JsonObject {
  try {
    return JsonObject.parse(parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body), 'The body'));
  } catch (thrown) {
    throw new ProblemError('The body is no JSON object.', {
      status: 400,
      code: 'malformed-request',
      next: 'Send a JSON object as the body, encoded in UTF-8.',
      cause: thrown,
    });
  }
}

/** The same whether there is such a hook or not. */
const notProven = (): ProblemError =>
  new ProblemError('The delivery does not prove that it may start anything here.', {
    status: 401,
    code: 'hook-refused',
    next: 'Sign it with the secret of the hook, for this moment, and give it an id.',
  });
