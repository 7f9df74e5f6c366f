import {
  errorAt,
  type Finding,
  innerMachines,
  isExpression,
  isJsonObject,
  type Json,
  pointerTo,
  type StateMachine,
} from '@baton/asl';
import { ApprovalPolicy } from '@baton/contracts';
import { type PolicyProblem, policyProblems } from '../approvals/check-policy.js';
import { lintMachine, readableOf } from '../document/machine-of-document.js';
import { parseResource } from '../document/resource.js';
import type { WorkflowDocument } from '../document/workflow-document.js';

/** What can be known of the policies of all approvals before a run asks: whatever stands there and is no expression. */
export const checkApprovals = (machine: StateMachine, base: string): readonly Finding[] =>
  policiesIn(machine, base).flatMap(({ pointer, policy }) =>
    problemsOf(policy).map(({ path, problem }) => errorAt(path.reduce<string>(pointerTo, pointer), 'schema', problem)),
  );

/** What stands in the definition of a document as a policy, as far as no expression gives it; only what is sound. */
export function literalPoliciesIn(
  document: WorkflowDocument,
): readonly { readonly pointer: string; readonly policy: ApprovalPolicy }[] {
  const { machine } = readableOf(lintMachine(document));
  if (machine === null) return [];
  return policiesIn(machine, '/definition').flatMap(({ pointer, policy }) => {
    const known = literalOf(policy);
    const read = ApprovalPolicy.safeParse(known === undefined ? undefined : withBothHalves(policy, known));
    return read.success ? [{ pointer, policy: read.data }] : [];
  });
}

function policiesIn(
  machine: StateMachine,
  base: string,
): readonly { readonly pointer: string; readonly policy: Json }[] {
  return Object.entries(machine.States).flatMap(([name, state]) => {
    const at = pointerTo(`${base}/States`, name);
    const inner = innerMachines(state).flatMap(({ path, machine: within }) =>
      policiesIn(within, path.reduce(pointerTo, at)),
    );
    if (state.Type !== 'Task' || parseResource(state.Resource)?.type !== 'approval') return inner;
    const field = state.Arguments === undefined ? 'Parameters' : 'Arguments';
    const given = state[field];
    const policy = isJsonObject(given) ? given.policy : undefined;
    if (policy === undefined) return inner;
    return [...inner, { pointer: pointerTo(pointerTo(at, field), 'policy'), policy }];
  });
}

function problemsOf(policy: Json): readonly PolicyProblem[] {
  const known = literalOf(policy);
  if (known === undefined) return [];
  return policyProblems(withBothHalves(policy, known));
}

/** Without what an expression gives; undefined where that is all there is. */
function literalOf(value: Json): Json | undefined {
  if (typeof value === 'string') return isExpression(value) ? undefined : value;
  if (Array.isArray(value)) {
    const items = value.map(literalOf);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const known = key.endsWith('.$') ? undefined : literalOf(member);
    return known === undefined ? [] : [[key, known] as const];
  });
  return Object.fromEntries(members);
}

/** An escalation says when and to whom; one of the two may be an expression, and then it stands there all the same. */
function withBothHalves(policy: Json, known: Json): Json {
  const given = isJsonObject(policy) ? policy.due : undefined;
  if (!isJsonObject(known) || !isJsonObject(known.due) || !isJsonObject(given)) return known;
  const stands = (name: string): boolean => Object.hasOwn(given, name) || Object.hasOwn(given, `${name}.$`);
  if (!stands('escalateAfterSeconds') || !stands('escalateTo')) return known;
  const { escalateTo = ['somebody'], escalateAfterSeconds, ...due } = known.due;
  const both = escalateAfterSeconds === undefined ? {} : { escalateTo, escalateAfterSeconds };
  return { ...known, due: { ...due, ...both } };
}
