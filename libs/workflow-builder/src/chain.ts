import { BatonError } from '@baton/contracts';
import type { PipelineStep } from './pipeline-step.js';
import { problemOfVariable, variableFor } from './variable-names.js';

/** Where a step leads, besides the steps: the states that begin, end and give up are the builder's own. */
export const BEGIN = 'Begin';
export const DONE = 'Done';

/** A step with its place: every way on is the name of a step, or null for the end of the run. */
export interface Link {
  readonly step: PipelineStep;
  readonly variable: string;
  readonly onSuccess: string | null;
  /** Null: the run fails. */
  readonly onFailure: string | null;
  /** The state in which the step begins. */
  readonly entry: string;
  /** The step behind it, for where it is passed by. */
  readonly following: string | null;
  /** Whether `onFailure` leads to this step or an earlier one, so that it has to be counted. */
  readonly leadsBack: boolean;
}

/** Names and targets of the steps, checked. Throws BatonError `bad-pipeline`, which says what to change. */
export function chainOf(steps: readonly PipelineStep[]): readonly Link[] {
  if (steps.length === 0) throw badPipeline('It has no steps', 'Give it at least one.');
  const places = new Map<string, number>();
  for (const [index, { name }] of steps.entries()) {
    if (name === '') throw badPipeline(`The step at place ${index + 1} has no name`, 'Name it.');
    if (places.has(name)) throw badPipeline(`Two steps are called ${name}`, 'Give one of them another name.');
    places.set(name, index);
  }
  const links = steps.map((step, index) => linkOf(steps, places, step, index));
  checkStateNames(links);
  checkVariables(links);
  checkAllAreReached(links);
  return links;
}

export const failedState = (name: string): string => `${name}Failed`;
export const passedState = (name: string): string => `${name}Passed`;
const wantedState = (name: string): string => `${name}Wanted`;
export const gaveUpState = (name: string): string => `${name}GaveUp`;

/** The variable that counts how often a step's failure has led back. */
export const returnsOf = ({ variable }: Pick<Link, 'variable'>): string => `${variable}Returns`;

function linkOf(
  steps: readonly PipelineStep[],
  places: ReadonlyMap<string, number>,
  step: PipelineStep,
  index: number,
): Link {
  const { name, onSuccess, onFailure, maxReturns, maxRetries, retry } = step;
  const placeOf = (target: string, field: string): number => {
    const place = places.get(target);
    if (place !== undefined) return place;
    const end = field === 'onSuccess' ? 'succeed' : 'fail';
    throw badPipeline(`${field} of ${name} is ${target}, which is no step`, `Name a step, or say "${end}".`);
  };
  const target = onFailure === undefined || onFailure === 'fail' ? null : onFailure;
  const leadsBack = target !== null && placeOf(target, 'onFailure') <= index;
  if (onSuccess !== undefined && onSuccess !== 'succeed' && placeOf(onSuccess, 'onSuccess') <= index) {
    throw badPipeline(
      `onSuccess of ${name} leads back to ${onSuccess}, so the run might never end`,
      'Lead back by onFailure, with passes to say what is good enough: its rounds are counted.',
    );
  }
  if (maxReturns !== undefined && !leadsBack) {
    throw badPipeline(`${name} has maxReturns, but its onFailure does not lead back`, 'Leave maxReturns out.');
  }
  if (step.whyNot !== undefined && step.passes === undefined) {
    throw badPipeline(`${name} has whyNot, but nothing says what passes`, 'Say passes, or leave whyNot out.');
  }
  checkCount(name, 'maxReturns', maxReturns);
  checkCount(name, 'maxRetries', maxRetries);
  if (retry !== undefined && maxRetries !== undefined) {
    throw badPipeline(`${name} has both retry and maxRetries`, 'Keep one of them.');
  }
  const following = steps[index + 1]?.name ?? null;
  return {
    step,
    variable: variableOf(step),
    entry: step.when === undefined ? name : wantedState(name),
    following,
    onSuccess: onSuccess === 'succeed' ? null : (onSuccess ?? following),
    onFailure: target,
    leadsBack,
  };
}

function checkCount(name: string, field: string, value: number | string | undefined): void {
  if (typeof value !== 'number' || (Number.isInteger(value) && value >= 0)) return;
  throw badPipeline(`${field} of ${name} is ${value}`, 'Say a whole number from 0.');
}

function variableOf({ name, as, assign }: PipelineStep): string {
  const variable = as ?? variableFor(name);
  for (const each of [variable, ...Object.keys(assign ?? {})]) {
    const problem = problemOfVariable(each);
    if (problem === null) continue;
    const next = each === variable ? 'Say as, with another name.' : 'Give it another name in assign.';
    throw badPipeline(`${name} cannot keep anything as $${each}: ${problem}`, next);
  }
  return variable;
}

/** The states that the builder adds must not meet a step of that name. */
function checkStateNames(links: readonly Link[]): void {
  const added = [BEGIN, DONE, ...links.flatMap(({ step }) => ownStates(step.name))];
  const taken = links.find(({ step }) => added.includes(step.name));
  if (taken === undefined) return;
  throw badPipeline(`A step is called ${taken.step.name}, as a state that the chain needs`, 'Give it another name.');
}

const ownStates = (name: string): readonly string[] => [
  failedState(name),
  passedState(name),
  gaveUpState(name),
  wantedState(name),
];

/** Two steps may keep their results in one variable where both say so; by accident they may not. */
function checkVariables(links: readonly Link[]): void {
  const counters = links.filter(({ leadsBack }) => leadsBack).map(returnsOf);
  for (const [index, { step, variable }] of links.entries()) {
    const taken = [variable, ...Object.keys(step.assign ?? {})].find((name) => counters.includes(name));
    if (taken !== undefined)
      throw badPipeline(`$${taken} of ${step.name} counts returns already`, 'Rename one of them.');
    if (step.assign?.[variable] !== undefined) {
      throw badPipeline(`${step.name} sets $${variable}, which is its result, in assign as well`, 'Use keep instead.');
    }
    const other = links.slice(0, index).find((link) => link.variable === variable);
    if (other === undefined || (step.as !== undefined && other.step.as !== undefined)) continue;
    throw badPipeline(
      `${other.step.name} and ${step.name} would both keep their result as $${variable}`,
      'Say as in both, if that is meant, or rename one.',
    );
  }
}

function checkAllAreReached(links: readonly Link[]): void {
  const byName = new Map(links.map((link) => [link.step.name, link]));
  const reached = new Set<string>();
  const waiting: (string | null)[] = [links[0]?.step.name ?? null];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === null || reached.has(name)) continue;
    reached.add(name);
    const link = byName.get(name);
    waiting.push(link?.onSuccess ?? null, link?.onFailure ?? null);
    if (link?.step.when !== undefined) waiting.push(link.following);
  }
  const lost = links.find(({ step }) => !reached.has(step.name));
  if (lost === undefined) return;
  throw badPipeline(`No step leads to ${lost.step.name}`, 'Name it in an onSuccess or onFailure, or leave it out.');
}

export const badPipeline = (problem: string, next: string): BatonError =>
  new BatonError(`This pipeline cannot be built: ${problem}.`, { code: 'bad-pipeline', next });
