import { type Finding, innerMachines, pointerTo, type State, type StateMachine, warningAt } from '@baton/asl';
import { submitterProblems } from '../approvals/check-policy.js';
import { lintMachine, readableOf } from '../document/machine-of-document.js';
import { parseResource } from '../document/resource.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import { literalPoliciesIn } from './check-approvals.js';

/*
 * What is said of a document when it is published and keeps nobody from running it: tasks whose first failure ends the
 * run, branching that nobody can follow, a recovery that has nothing to recover with.
 */

/** Branches within branches, and choices that lead straight to choices, are hard to follow beyond this. */
const DEEPEST = 4;
/** More of one kind than this are counted and not named. */
const MOST_OF_A_KIND = 50;

/** Warnings about a document, or about what can be read of it. Pointers are into the document. */
export function checkPublication(document: WorkflowDocument): readonly Finding[] {
  const { machine } = readableOf(lintMachine(document));
  if (machine === null) return [];
  return [
    ...atMost(unguardedTasks(machine, '/definition')),
    ...atMost(deepBranches(machine, '/definition', 0)),
    ...atMost(longChoices(machine, '/definition')),
    ...missingTemplate(document),
    ...atMost(submitterMissing(document)),
  ];
}

function atMost(findings: readonly Finding[]): readonly Finding[] {
  const left = findings.length - MOST_OF_A_KIND;
  const [first] = findings;
  if (left <= 0 || first === undefined) return findings;
  return [...findings.slice(0, MOST_OF_A_KIND), warningAt('', first.code, `and ${left} more of the same kind`)];
}

const within = (machine: StateMachine, at: string) =>
  Object.entries(machine.States).map(([name, state]) => ({
    name,
    state,
    pointer: pointerTo(pointerTo(at, 'States'), name),
  }));

const innerOf = (state: State, pointer: string) =>
  innerMachines(state).map(({ path, machine }) => ({ machine, at: path.reduce<string>(pointerTo, pointer) }));

/** People and signals are waited for: their no is an answer. What a worker or another run does can fail. */
function unguardedTasks(machine: StateMachine, at: string): readonly Finding[] {
  return within(machine, at).flatMap(({ name, state, pointer }): readonly Finding[] => {
    if (state.Type !== 'Task')
      return innerOf(state, pointer).flatMap((inner) => unguardedTasks(inner.machine, inner.at));
    const type = parseResource(state.Resource)?.type;
    const isGuarded = (state.Retry ?? []).length > 0 || (state.Catch ?? []).length > 0;
    if (isGuarded || (type !== 'worker' && type !== 'workflow')) return [];
    const message = `the task ${name} has neither Retry nor Catch: its first failure, even a passing one, ends what it is part of`;
    return [warningAt(pointer, 'unguarded-task', message)];
  });
}

/** @param depth how many Parallels and Maps are around the machine */
function deepBranches(machine: StateMachine, at: string, depth: number): readonly Finding[] {
  return within(machine, at).flatMap(({ name, state, pointer }): readonly Finding[] => {
    const inner = innerOf(state, pointer);
    if (inner.length === 0) return [];
    if (depth < DEEPEST) return inner.flatMap((each) => deepBranches(each.machine, each.at, depth + 1));
    const message = `${name} branches for the ${depth + 1}th time: more than ${DEEPEST} levels are hard to follow; put what is inside into a workflow of its own`;
    return [warningAt(pointer, 'deep-branching', message)];
  });
}

/** Choices that lead straight to Choices: a decision that nobody reads in one go. */
function longChoices(machine: StateMachine, at: string): readonly Finding[] {
  const lengths = new Map<string, number>();
  const open = new Set<string>();
  /** How many Choices stand one behind the other from here on. A ring counts once around. */
  const lengthFrom = (name: string): number => {
    const known = lengths.get(name);
    if (known !== undefined) return known;
    const state = machine.States[name];
    if (state?.Type !== 'Choice' || open.has(name)) return 0;
    open.add(name);
    const targets = [
      ...state.Choices.map(({ Next }) => Next ?? ''),
      ...(state.Default === undefined ? [] : [state.Default]),
    ];
    const length = 1 + Math.max(0, ...[...new Set(targets)].map(lengthFrom));
    open.delete(name);
    lengths.set(name, length);
    return length;
  };
  return within(machine, at).flatMap(({ name, state, pointer }): readonly Finding[] => {
    const inner = innerOf(state, pointer).flatMap((each) => longChoices(each.machine, each.at));
    const length = lengthFrom(name);
    // Only where the chain begins: those within it are part of the same one.
    if (length !== DEEPEST + 1) return inner;
    const message = `${name} begins ${length} or more Choices one behind the other: decide in fewer, or give the parts names of their own in Pass states`;
    return [warningAt(pointer, 'deep-branching', message), ...inner];
  });
}

function missingTemplate({ decisions, steps = {} }: WorkflowDocument): readonly Finding[] {
  const at = decisions?.recovery?.strategies.indexOf('alternate_template') ?? -1;
  if (at < 0 || Object.values(steps).some(({ alternateTemplate }) => alternateTemplate !== undefined)) return [];
  const message = 'no step has an alternateTemplate, so nothing is ever tried again with one';
  return [warningAt(`/decisions/recovery/strategies/${at}`, 'unknown-name', message)];
}

/** Anybody else may submit, and then it can be met: so it is no error. */
const submitterMissing = (document: WorkflowDocument): readonly Finding[] =>
  literalPoliciesIn(document).flatMap(({ pointer, policy }) =>
    submitterProblems(policy).map(({ path, problem }) =>
      warningAt(path.reduce<string>(pointerTo, pointer), 'schema', problem),
    ),
  );
