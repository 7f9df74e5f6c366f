import type { Retrier } from '@baton/asl';
import type { Json, JsonObject } from '@baton/contracts';
import { DONE, failedState, gaveUpState, type Link, passedState, returnsOf } from './chain.js';
import type { PipelineFacts, PipelineStep } from './pipeline-step.js';
import { TRANSIENT } from './pipeline-step.js';

const USUAL_TIMEOUT_SECONDS = 900;
const USUAL_RETURNS = 3;
const APPROVAL = 'approval';

/** Whether the step ends in a Fail of the builder: a task's own error needs none. */
const givesUp = ({ step, leadsBack, onFailure }: Link): boolean =>
  leadsBack || (step.passes !== undefined && onFailure === null);

/** What becomes of a failure: the name of the state that takes it. */
const takerOf = ({ step, leadsBack, onFailure }: Link): string | null =>
  leadsBack ? failedState(step.name) : onFailure;

/** The state in which a step begins, by its name. */
export type Entries = ReadonlyMap<string, string>;

const entryOf = (entries: Entries, name: string | null): string => (name === null ? DONE : (entries.get(name) ?? name));

/** The states of one step: its task, and the Choices that its ways on need. */
export function statesOf(named: Link, facts: PipelineFacts, entries: Entries): JsonObject {
  const { step } = named;
  const onFailure = named.onFailure === null ? null : entryOf(entries, named.onFailure);
  const link = { ...named, onFailure };
  const next = entryOf(entries, named.onSuccess);
  const { passes, when } = step;
  const passedBy = { Default: entryOf(entries, named.following) };
  return {
    ...(when === undefined
      ? {}
      : { [named.entry]: { Type: 'Choice', Choices: [{ Condition: when, Next: step.name }], ...passedBy } }),
    [step.name]: taskOf(link, facts, passes === undefined ? next : passedState(step.name)),
    ...(passes === undefined ? {} : { [passedState(step.name)]: passedChoice(link, passes, next) }),
    ...(link.leadsBack ? { [failedState(step.name)]: failedChoice(link) } : {}),
    ...(givesUp(link) ? { [gaveUpState(step.name)]: GIVE_UP } : {}),
  };
}

function taskOf(link: Link, facts: PipelineFacts, next: string): JsonObject {
  const { step, variable } = link;
  const taker = takerOf(link);
  const retry = retriersOf(step, facts);
  const { output } = step;
  return {
    Type: 'Task',
    Resource: step.worker === APPROVAL ? 'baton:approval' : `baton:worker:${step.worker}`,
    Arguments: { ...step.arguments, ...(output === undefined ? {} : { output }) },
    TimeoutSeconds: step.timeoutSeconds ?? facts.timeoutSeconds ?? USUAL_TIMEOUT_SECONDS,
    ...(step.heartbeatSeconds === undefined ? {} : { HeartbeatSeconds: step.heartbeatSeconds }),
    ...(retry.length === 0 ? {} : { Retry: retry.map((retrier) => jsonOf(retrier)) }),
    ...(taker === null ? {} : { Catch: [{ ErrorEquals: ['States.ALL'], Assign: CAUGHT, Output: {}, Next: taker }] }),
    Assign: { ...step.assign, [variable]: step.keep ?? '{% $states.result %}' },
    Output: {},
    Next: next,
  };
}

/** A Fail may name neither error nor cause; then these fields are not there. */
const CAUGHT: JsonObject = {
  failure: '{% $merge([{ "Error": "", "Cause": "" }, $states.errorOutput]) %}',
};

function retriersOf({ retry, maxRetries }: PipelineStep, facts: PipelineFacts): readonly Retrier[] {
  if (maxRetries === 0) return [];
  if (maxRetries === undefined) return retry ?? facts.retry ?? TRANSIENT;
  const pace = { IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' } as const;
  return [{ ErrorEquals: ['States.ALL'], ...pace, MaxAttempts: maxRetries }];
}

/** The retrier as plain data. */
const jsonOf = ({ ErrorEquals, ...numbers }: Retrier): JsonObject => ({ ErrorEquals: [...ErrorEquals], ...numbers });

function passedChoice(link: Link, passes: string, next: string): JsonObject {
  const { name, whyNot = `The result of ${name} was not good enough: ${bodyOf(passes)}` } = link.step;
  const failure: Json = { Error: 'Baton.NotPassed', Cause: whyNot };
  return {
    Type: 'Choice',
    Choices: [{ Condition: passes, Next: next }],
    Assign: { failure },
    Default: takerOf(link) ?? gaveUpState(name),
  };
}

/** The condition as people read it; without the marks, since a text with one of them is taken for a mistake. */
const bodyOf = (expression: string): string => `${expression.slice(2, -2).trim()} did not hold.`;

function failedChoice(link: Link): JsonObject {
  const { step, onFailure } = link;
  const counter = returnsOf(link);
  const { maxReturns = USUAL_RETURNS } = step;
  const most = typeof maxReturns === 'number' ? String(maxReturns) : `(${maxReturns.slice(2, -2).trim()})`;
  return {
    Type: 'Choice',
    Choices: [
      {
        Condition: `{% $${counter} < ${most} %}`,
        Assign: { [counter]: `{% $${counter} + 1 %}` },
        Next: onFailure,
      },
    ],
    Default: gaveUpState(step.name),
  };
}

const GIVE_UP: JsonObject = { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' };
