import { isJsonObject, type Json } from '@baton/asl';
import { ApprovalPolicy, BatonErrorName } from '@baton/contracts';
import { policyProblems, unmeetable } from '../../approvals/check-policy.js';
import type { RunEventOf } from '../../events/run-event.js';
import type { Evaluated } from '../data/evaluation.js';
import { panelOf } from '../decisions/panel.js';
import { isoTime, type Turn } from '../turn/turn.js';

type Asked = RunEventOf<'TaskScheduled'>['data']['approval'];

/** Who has to approve, by the policy in the arguments of an approval; undefined where there is none. */
export function askedOf(turn: Turn, given: Json): Evaluated<Asked> {
  const policy = isJsonObject(given) ? given.policy : undefined;
  if (policy === undefined) return { ok: true, value: undefined };
  const [wrong] = policyProblems(policy);
  if (wrong !== undefined) return invalid(`policy${wrong.path.map((key) => `/${key}`).join('')}: ${wrong.problem}`);
  const read = ApprovalPolicy.parse(policy);
  // One that asks for nothing is none.
  if (Object.keys(read).length === 0) return { ok: true, value: undefined };
  const never = unmeetable(read, turn.run.submittedBy);
  if (never !== null) return invalid(never);
  const after = (seconds: number | undefined): string | null =>
    seconds === undefined ? null : isoTime(turn.nowMs + seconds * 1000);
  const { remindAfterSeconds, escalateAfterSeconds } = read.due ?? {};
  return {
    ok: true,
    value: { policy: read, remindAt: after(remindAfterSeconds), escalateAt: after(escalateAfterSeconds) },
  };
}

/** It would be the same at every try. */
const invalid = (problem: string): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: {
    error: BatonErrorName.invalidPolicy,
    cause: `The policy of the approval cannot be used: ${problem}.`,
    isRetryable: false,
  },
});
type Failure = Extract<Evaluated<never>, { ok: false }>['failure'];

/** `panel: <phase>` in the arguments stands for the numbers of the phase: its rounds, what changed, what it cost. */
export function withPanel(turn: Turn, state: string, given: Json): Json {
  const phase = isJsonObject(given) ? given.panel : undefined;
  const isPhase = turn.run.document.phases?.some(({ name }) => name === phase) === true;
  if (!isJsonObject(given) || typeof phase !== 'string' || !isPhase) return given;
  const about = { point: { kind: 'choice' as const, state }, phase, round: null, scores: null, facts: undefined };
  return { ...given, panel: panelOf(turn.run, about, turn.nowMs) };
}
