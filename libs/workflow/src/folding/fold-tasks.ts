import {
  type Actor,
  addMicroUsd,
  BatonErrorName,
  microUsdOf,
  type TaskAnswer,
  type TaskFacts,
  type Usage,
} from '@baton/contracts';
import type { Approval } from '../approvals/approval.js';
import type { DecisionRecord } from '../decision-points/decision-record.js';
import { isLanguageModel } from '../decision-points/mode-of-run.js';
import { workerKindOf } from '../document/resource.js';
import type { RunEventOf } from '../events/run-event.js';
import { cutText } from '../excerpt.js';
import { commandOrdinal, decisionOrdinal } from '../ids.js';
import { withCost } from '../state/costs.js';
import type { Pending, StartedRun, StepNote } from '../state/run-state.js';
import type { VisitConversation } from '../state/visit-conversation.js';
import { closeCommand, openCommand, withCommand, withVisit } from './fold-frames.js';

/* How tasks, questions and decisions change a run, and what they cost. */

type Failed = Omit<Extract<Pending, { type: 'failure' }>, 'type'>;

/** Rounds that are kept to compare with: every question repeats them, and a loop may have no bound. */
const MOST_ROUNDS = 100;
const MOST_FAILURES = 10;
const MOST_OF_CAUSE = 500;

const MOST_STEPS = 50;
const MOST_ANSWERS = 20;
const MOST_OF_COMMENT = 500;

/** The task of a visit as it stands now, after those of all other visits. */
function noteStep(run: StartedRun, note: StepNote): StartedRun {
  const steps = run.steps.filter(({ visit }) => visit !== note.visit);
  steps.push(note);
  return { ...run, steps: steps.length > MOST_STEPS ? steps.slice(-MOST_STEPS) : steps };
}

/** How the task of a command ended; the very same run where the command is no open task. */
export function noteOutcome(run: StartedRun, data: { readonly commandId: string }, outcome: string): StartedRun {
  const command = run.commands.get(data.commandId);
  const visit = run.visits.get(command?.visit ?? -1);
  if (command?.kind !== 'task' || visit === undefined) return run;
  return noteStep(run, { visit: visit.visit, state: visit.state, attempts: visit.attempts, outcome });
}

/** What the task of a command has cost, for the shares of those that follow; the very same run where it is none. */
export function noteCost(
  run: StartedRun,
  {
    commandId,
    usage,
    error,
  }: { readonly commandId: string; readonly usage?: Usage | undefined; readonly error?: string },
): StartedRun {
  const command = run.commands.get(commandId);
  const visit = run.visits.get(command?.visit ?? -1);
  if (run.costs === null || command?.kind !== 'task' || command.resource === null || visit === undefined) return run;
  const { resource, budget } = command;
  const costs = withCost(run.costs, { state: visit.state, resource, budget, usage, error });
  return costs === run.costs ? run : { ...run, costs };
}

/** What a person said, whether it decided or was one approval of several. */
export function noteAnswer(
  run: StartedRun,
  data: { readonly commandId: string; readonly decision?: string; readonly comment: string; readonly by: Actor },
): StartedRun {
  const command = run.commands.get(data.commandId);
  const state = run.visits.get(command?.visit ?? -1)?.state;
  if (state === undefined) return run;
  const { decision = 'approve', comment, by } = data;
  const answer = { state, decision, comment: cutText(comment, MOST_OF_COMMENT), by: cutText(nameOf(by), 200) };
  const noted = { ...run, answers: [...run.answers, answer].slice(-MOST_ANSWERS) };
  return data.decision === undefined ? noted : noteOutcome(noted, data, decision);
}

export function failTask(before: StartedRun, data: { readonly commandId: string }, failed: Failed): StartedRun {
  const run = noteOutcome(before, data, cutText(failed.error, 200));
  const closed = closeCommand(run, data, { type: 'failure', ...failed });
  if (closed === run) return before;
  const { error, cause } = failed;
  const state = run.visits.get(run.commands.get(data.commandId)?.visit ?? -1)?.state ?? '';
  const failures = [...run.failures, { state, error, cause: cause.slice(0, MOST_OF_CAUSE) }].slice(-MOST_FAILURES);
  return { ...closed, errorCount: run.errorCount + 1, failures };
}

export function scheduleTask(run: StartedRun, data: RunEventOf<'TaskScheduled'>['data']): StartedRun {
  const { sha256 = null, budget = null, question = null, questions = 0, recovery: again, continues } = data;
  const approval = data.approval === undefined ? null : { ...data.approval, given: [], isEscalated: false };
  const before = run.visits.get(data.visit)?.conversation ?? null;
  const recovery = again?.strategy ?? (continues === undefined ? null : (before?.recovery ?? null));
  const command = { ...data, kind: 'task' as const, sha256, budget, approval, questions, recovery };
  const opened = openCommand(run, command, question);
  const visit = opened.visits.get(data.visit);
  if (visit === undefined || opened === run) return opened;
  const note = { visit: visit.visit, state: visit.state, attempts: visit.attempts, outcome: 'open' };
  const noted = noteStep(opened, note);
  const recoveries = again === undefined ? visit.recoveries : [...visit.recoveries, again.strategy];
  const conversation = conversationAfter(before, data);
  const handIn = data.byHand === true ? { given: null, problems: visit.handIn?.problems ?? null } : visit.handIn;
  const isAnother = again !== undefined || data.handIn !== undefined || workerKindOf(data.resource) === null;
  if (!isAnother && conversation === before && handIn === visit.handIn) return noted;
  const { leftOff, ...rest } = visit;
  const kept = isAnother || leftOff === undefined ? {} : { leftOff };
  return { ...noted, ...withVisit(noted, { ...rest, ...kept, recoveries, conversation, handIn }) };
}

/** A task that goes on has the answer; one that begins anew leaves what was said behind. While a person is asked it stands. */
function conversationAfter(
  before: VisitConversation | null,
  { resource, continues }: RunEventOf<'TaskScheduled'>['data'],
): VisitConversation | null {
  if (before === null || workerKindOf(resource) === null) return before;
  return continues === undefined ? null : { ...before, isTaken: true };
}

/** Its worker has done its part: what it did not spend is given back, and the task stays open for its token. */
export function submitTask(before: StartedRun, data: RunEventOf<'TaskSubmitted'>['data']): StartedRun {
  const command = before.commands.get(data.commandId);
  if (command === undefined) return before;
  const submitted = { ...command, budget: null, isSubmitted: true as const };
  return withFacts(before, { ...before, ...withCommand(before, submitted) }, data);
}

/** The task is over, and its visit waits for what a person says. */
export function noteQuestion(before: StartedRun, data: RunEventOf<'TaskAsked'>['data']): StartedRun {
  const command = before.commands.get(data.commandId);
  const run = closeCommand(noteOutcome(before, data, 'asked'), data, null);
  const visit = run.visits.get(command?.visit ?? -1);
  if (command === undefined || visit === undefined) return before;
  const { entries, ...question } = data.asks;
  const { leftOff = [], ...rest } = visit;
  const parts = [...(visit.conversation?.parts ?? []), ...leftOff, { commandId: command.commandId, entries }];
  const conversation = { parts, recovery: command.recovery, question, answer: null, isTaken: false };
  return withFacts(
    before,
    { ...run, ...withVisit(run, { ...rest, questions: visit.questions + 1, conversation }) },
    data,
  );
}

/** What became of the question that the command asks; null where it asks none of a task. */
export function answerTask(
  run: StartedRun,
  data: { readonly commandId: string },
  answer: TaskAnswer,
): StartedRun | null {
  const command = run.commands.get(data.commandId);
  const asked = run.visits.get(command?.visit ?? -1)?.conversation;
  if (command === undefined || asked == null || asked.answer !== null) return null;
  const closed = closeCommand(run, data, null);
  const visit = closed.visits.get(command.visit);
  if (visit === undefined) return null;
  return { ...closed, ...withVisit(closed, { ...visit, conversation: { ...asked, answer } }) };
}

const ADVISOR = 'baton:worker:advisor';

export function requestAdvice(run: StartedRun, data: RunEventOf<'AdviceRequested'>['data']): StartedRun {
  const { visit, commandId, question, deadline, budget = null } = data;
  if (data.isShadow === true) {
    const shadow = { commandId, visit, decisionId: question.decisionId, deadline };
    const nextCommand = Math.max(run.nextCommand, commandOrdinal(commandId) + 1);
    return { ...run, shadows: run.shadows.set(commandId, shadow), nextCommand };
  }
  const none = { notBefore: null, heartbeatSeconds: null, sha256: null, approval: null };
  const asks = { questions: 0, recovery: null };
  const command = {
    commandId,
    visit,
    kind: 'advice' as const,
    resource: ADVISOR,
    attempt: 1,
    deadline,
    budget,
    ...none,
    ...asks,
  };
  return openCommand({ ...run, nextDecision: run.nextDecision + 1 }, command, question);
}

export function closeAdvice(run: StartedRun, data: { readonly commandId: string }, pending: Pending): StartedRun {
  return run.shadows.has(data.commandId)
    ? { ...run, shadows: run.shadows.delete(data.commandId) }
    : closeCommand(run, data, pending);
}

/** Adds what a settled task used, and, where the mode goes by it, whether a language model was behind it: copies of before know nothing of that. */
export function withFacts(before: StartedRun, run: StartedRun, { usage, model }: TaskFacts): StartedRun {
  const spent = withUsage(before, run, usage);
  const isNews = run !== before && run.decisionMode === 'auto' && !run.hasModelAnswered && isLanguageModel(model);
  return isNews ? { ...spent, hasModelAnswered: true } : spent;
}

/** Adds what a settled command used. One call without a price makes the sum a lower bound, and that is kept. */
export function withUsage(before: StartedRun, run: StartedRun, usage: Usage | undefined): StartedRun {
  if (usage === undefined || run === before) return run;
  const { inputTokens, outputTokens, costUsd } = usage;
  const tokens = inputTokens + outputTokens;
  const { spent } = run;
  return {
    ...run,
    spent: {
      microUsd: addMicroUsd(spent.microUsd, microUsdOf(costUsd ?? 0, 'up')),
      tokens: spent.tokens + tokens,
      hasUnknownPrice: spent.hasUnknownPrice || (costUsd === null && tokens > 0),
    },
  };
}

export function awaitBudget(
  run: StartedRun,
  { visit: number, isDecided, ...again }: RunEventOf<'BudgetAwaited'>['data'],
): StartedRun {
  const visit = run.visits.get(number);
  if (visit === undefined) return run;
  const question = isDecided === true ? null : visit.question;
  return { ...run, ...withVisit(run, { ...visit, question, pending: { type: 'budget', ...again } }) };
}

export function extendBudget(run: StartedRun, { kind, by }: RunEventOf<'BudgetExtended'>['data']): StartedRun {
  const { extended } = run;
  const warned = run.warned.filter((each) => each !== kind);
  if (kind !== 'usd') return { ...run, extended: { ...extended, [kind]: extended[kind] + by }, warned };
  const microUsd = addMicroUsd(extended.microUsd, microUsdOf(by, 'down'));
  // Who gave more money knew that nobody knows how much is gone.
  const spent = { ...run.spent, hasUnknownPrice: false };
  return { ...run, spent, extended: { ...extended, microUsd }, warned };
}

/**
 * What the state that asked goes on with: the answer, and which approval of what it is, for whoever has to hold to it. Nobody
 * is asked twice because somebody said no.
 */
export function approvalOutcome(
  run: StartedRun,
  { decision, comment, by, commandId, ...more }: RunEventOf<'ApprovalDecided'>['data'],
): Pending {
  if (decision === 'reject') {
    return { type: 'failure', error: BatonErrorName.rejected, cause: comment, isRetryable: false };
  }
  const { move, approvals } = more;
  const sha256 = run.commands.get(commandId)?.sha256 ?? null;
  const all = approvals?.map((given) => ({ by: nameOf(given.by), comment: given.comment }));
  const output = {
    ...{ decision, comment, by: nameOf(by), approvalId: commandId },
    ...(sha256 === null ? {} : { sha256 }),
    ...(move === undefined ? {} : { move }),
    ...(all === undefined ? {} : { approvals: all }),
  };
  return { type: 'result', output };
}

/** What a person said to the question of a task. */
export const answerOf = ({ decision, comment, by }: RunEventOf<'ApprovalDecided'>['data']): TaskAnswer => ({
  outcome: decision === 'reject' ? 'declined' : 'answered',
  text: comment,
  by: nameOf(by),
});

const nameOf = ({ type, id }: Actor): string => `${type}:${id}`;

/** Changes how an approval stands; the very same run where nobody asks for it. */
export function changeApproval(
  run: StartedRun,
  { commandId }: { readonly commandId: string },
  change: (approval: Approval) => Approval,
): StartedRun {
  const command = run.commands.get(commandId);
  if (command === undefined || command.approval === null) return run;
  return { ...run, commands: run.commands.set(commandId, { ...command, approval: change(command.approval) }) };
}

/** The newest output of each decision point that names one. */
function outputsAfter(run: StartedRun, { point, facts }: DecisionRecord): StartedRun['outputs'] {
  if (facts?.outputSha256 === undefined) return run.outputs;
  return [
    ...run.outputs.filter(({ state }) => state !== point.state),
    { state: point.state, sha256: facts.outputSha256 },
  ];
}

export function recordDecision(run: StartedRun, { decision }: RunEventOf<'DecisionMade'>['data']): StartedRun {
  const { phase, round, scores } = decision;
  const isRound = decision.point.kind === 'choice' && phase !== null && round !== null && scores !== null;
  // Advice and then a person may decide about one round.
  const others = run.scores.filter((known) => known.phase !== phase || known.round !== round);
  return {
    ...run,
    // A decision that was asked about has its number since then.
    nextDecision: Math.max(run.nextDecision, decisionOrdinal(decision.decisionId) + 1),
    outputs: outputsAfter(run, decision),
    scores: isRound ? [...others, { phase, round, scores }].slice(-MOST_ROUNDS) : run.scores,
  };
}
