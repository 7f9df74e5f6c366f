import { isJsonObject, type Json } from '@baton/asl';
import { DecisionMode } from '@baton/contracts';
import { z } from 'zod';
import { USUAL_LIMITS } from '../decision-points/convergence.js';
import {
  ClassifierLimits,
  type DecisionPoint,
  RecoveryPolicy,
  type WorkflowDocument,
} from '../document/workflow-document.js';
import type { StartedRun, VisitState } from '../state/run-state.js';

/*
 * How recorded runs could have been decided instead. What stands here can be replayed from a log: everything else a
 * decision is made of, such as what is unusual, is the program's own and changes with the program.
 */

const Threshold = z
  .number()
  .min(0, 'scores go from 0 to 10: a threshold below 0 is reached by everything')
  .max(10, 'scores go from 0 to 10: nothing ever reaches this threshold');

const { errors, drop, gain, spread } = ClassifierLimits.shape;
const Limits = z.strictObject({
  errors: errors.unwrap().optional(),
  drop: drop.unwrap().optional(),
  gain: gain.unwrap().optional(),
  spread: spread.unwrap().optional(),
});

export const DecisionPolicy = z.strictObject({
  /** Not `auto`: whether a model answered is only kept of runs in that mode. */
  mode: DecisionMode.exclude(['auto']).optional(),
  /** Dimension → the score from which it is good enough. Dimensions that are not named keep what they had. */
  thresholds: z.record(z.string().min(1), Threshold).optional(),
  maxRounds: z.int().min(1, 'at least one round is needed to judge anything').max(1_000).optional(),
  recovery: RecoveryPolicy.optional(),
  /** From where on facts are not ordinary. Limits that are not named stay what they were. */
  limits: Limits.optional(),
});
export type DecisionPolicy = z.infer<typeof DecisionPolicy>;

/** `{% $name %}` or `{% $name.member %}`: a place whose value can be another one. */
const REFERENCE = /^\{%\s*\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)\s*%\}$/;

type Applied = { readonly run: StartedRun } | { readonly problem: string };

/** The run as the policy would have it at a point, or why that cannot be said. */
export function applyPolicy(
  run: StartedRun,
  visit: VisitState,
  point: DecisionPoint | undefined,
  policy: DecisionPolicy,
  documents: DocumentsOf,
): Applied {
  let changed: StartedRun = { ...run, document: documents(run.document) };
  const { thresholds, maxRounds } = policy;
  if (point?.thresholds !== undefined && thresholds !== undefined) {
    const known = (old: Json): Json =>
      isJsonObject(old)
        ? { ...old, ...Object.fromEntries(Object.entries(thresholds).filter(([name]) => Object.hasOwn(old, name))) }
        : old;
    const next = withValueOf(changed, visit, point.thresholds, known);
    if (next === null) return { problem: fixed('thresholds', point) };
    changed = next;
  }
  if (point?.maxRounds !== undefined && maxRounds !== undefined) {
    const next = withValueOf(changed, visit, point.maxRounds, () => maxRounds);
    if (next === null) return { problem: fixed('maxRounds', point) };
    changed = next;
  }
  return { run: changed };
}

const fixed = (what: string, { state }: DecisionPoint): string =>
  `${what} of ${state} is no variable of the run, so its rules cannot be asked with another value`;

/** Changes the variable, or the input, that an expression names. Null where it names none. */
function withValueOf(
  run: StartedRun,
  visit: VisitState,
  expression: string,
  change: (old: Json) => Json,
): StartedRun | null {
  const [, name = '', members = ''] = REFERENCE.exec(expression) ?? [];
  const path = members.split('.').slice(1);
  const frame = run.frames.get(visit.frame);
  if (name === '' || frame === undefined) return null;
  if (name === 'states') {
    const [input, ...rest] = path;
    const changed = input === 'input' ? changeAt(visit.input, rest, change) : undefined;
    if (changed === undefined) return null;
    return { ...run, visits: run.visits.set(visit.visit, { ...visit, input: changed }) };
  }
  const changed = changeAt(frame.variables, [name, ...path], change);
  if (!isJsonObject(changed)) return null;
  return { ...run, frames: run.frames.set(frame.frame, { ...frame, variables: changed }) };
}

/** Undefined where the path leads nowhere. */
function changeAt(value: Json, path: readonly string[], change: (old: Json) => Json): Json | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  const member = isJsonObject(value) && Object.hasOwn(value, first) ? value[first] : undefined;
  const changed = member === undefined ? undefined : changeAt(member, rest, change);
  return changed === undefined || !isJsonObject(value) ? undefined : { ...value, [first]: changed };
}

function limitsUnder(
  { errors, drop, gain, spread }: z.infer<typeof Limits>,
  { decisions }: WorkflowDocument,
): ClassifierLimits {
  const before = decisions?.limits ?? USUAL_LIMITS;
  return {
    errors: errors ?? before.errors,
    drop: drop ?? before.drop,
    gain: gain ?? before.gain,
    spread: spread ?? before.spread,
  };
}

/** Gives the document that a policy makes of another: the same one each time, so that its definition is read once. */
export type DocumentsOf = (document: WorkflowDocument) => WorkflowDocument;

export function documentsUnder({ recovery, limits }: DecisionPolicy): DocumentsOf {
  if (recovery === undefined && limits === undefined) return (document) => document;
  const known = new WeakMap<WorkflowDocument, WorkflowDocument>();
  return (document) => {
    const before = known.get(document);
    if (before !== undefined) return before;
    const changed = {
      ...document,
      decisions: {
        ...{ mode: 'programmatic' as const, at: [], ...document.decisions },
        ...(recovery === undefined ? {} : { recovery }),
        ...(limits === undefined ? {} : { limits: limitsUnder(limits, document) }),
      },
    };
    known.set(document, changed);
    return changed;
  };
}
