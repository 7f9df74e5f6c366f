import {
  Actor,
  CommandId,
  DecisionMode,
  DoneBy,
  JournalPart,
  Json,
  JsonObject,
  microUsdOf,
  RecoveryStrategy,
  RequestId,
  SignalName,
  TaskBudget,
} from '@baton/contracts';
import { Map as PersistentMap } from 'immutable';
import { z } from 'zod';
import { Approval } from '../approvals/approval.js';
import { canonicalJson } from '../canonical-json.js';
import { Question } from '../decision-points/question.js';
import { DefaultLanguage, defaultLanguageOf, documentOfRun } from '../document/default-language.js';
import { DocumentOfEvent } from '../document/stored-document.js';
import { Engine } from '../engine.js';
import { AgentsOfRun } from './agents-of-run.js';
import { Costs } from './costs.js';
import { CopiedProgress, fromCopy } from './map-progress.js';
import { reservedBy } from './reserved.js';
import { AnswerNote, ParentRun, Pending, type StartedRun, StepNote } from './run-state.js';
import { stateToJson } from './state-to-json.js';
import { VisitConversation } from './visit-conversation.js';
import { VisitHandIn } from './visit-hand-in.js';
import { lineOf } from './waiting-line.js';

/*
 * The state of a run as an event can hold it: what a fork, a retry and a long run go on from. Written as `stateToJson`
 * shows it; a member that came later has a default, so that an old snapshot is read for ever. Logs name it `carry`.
 */

const Count = z.int().nonnegative();
const Nullable = <S extends z.ZodType>(schema: S) => schema.nullable().default(null);

const Frame = z.object({
  frame: Count,
  parent: z.object({ visit: Count, branch: Count }).nullable(),
  machine: z.string(),
  value: Json,
  variables: JsonObject,
  visit: Count.nullable(),
  next: Nullable(z.string()),
  isNextDecided: z.boolean().default(false),
  readySince: Count.default(0),
  isDone: z.boolean().default(false),
});

const Visit = z.object({
  visit: Count,
  frame: Count,
  state: z.string(),
  input: Json,
  enteredAt: z.string().nullable(),
  attempts: Count,
  retries: z.array(Count),
  command: CommandId.nullable(),
  pending: Nullable(Pending),
  question: Nullable(Question),
  recoveries: z.array(RecoveryStrategy).default([]),
  questions: Count.default(0),
  conversation: Nullable(VisitConversation),
  leftOff: z.array(JournalPart).optional(),
  handIn: Nullable(VisitHandIn),
  map: CopiedProgress.nullable(),
  branches: z.array(z.object({ branch: Count, frame: Count })),
  outputs: z.array(z.object({ branch: Count, output: Json })),
});

const Command = z.object({
  commandId: CommandId,
  visit: Count,
  kind: z.enum(['task', 'timer', 'advice']),
  resource: Nullable(z.string()),
  attempt: Count,
  notBefore: z.string().nullable(),
  deadline: z.string().nullable(),
  heartbeatSeconds: z.number().nullable(),
  sha256: Nullable(z.string()),
  budget: Nullable(TaskBudget),
  approval: Nullable(Approval),
  questions: Count.default(0),
  recovery: Nullable(RecoveryStrategy),
  isSubmitted: z.literal(true).optional(),
});

const State = z.object({
  status: z.literal('running'),
  workflow: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
  input: Json,
  startedAt: z.string().nullable(),
  timedFrom: Nullable(z.string()),
  requestId: RequestId,
  submittedBy: Actor,
  labels: z.record(z.string(), z.string()),
  priority: z.int(),
  decisionMode: DecisionMode,
  hasModelAnswered: z.boolean().default(false),
  budget: z.object({ usd: z.number().nullable(), tokens: z.int().nullable(), wallClock: z.string().nullable() }),
  spent: z
    .object({ usd: z.number(), tokens: z.number(), hasUnknownPrice: z.boolean() })
    .default({ usd: 0, tokens: 0, hasUnknownPrice: false }),
  costs: Nullable(Costs),
  extended: z
    .object({ usd: z.number(), tokens: z.number(), wallClock: z.number() })
    .default({ usd: 0, tokens: 0, wallClock: 0 }),
  warned: z.array(z.enum(['usd', 'tokens', 'wallClock'])).default([]),
  outputs: z.array(z.object({ state: z.string(), sha256: z.string() })).default([]),
  failures: z.array(z.object({ state: z.string(), error: z.string(), cause: z.string() })).default([]),
  steps: z.array(StepNote).default([]),
  answers: z.array(AnswerNote).default([]),
  parent: Nullable(ParentRun),
  agents: AgentsOfRun.optional(),
  by: DoneBy.optional(),
  engine: Engine.optional(),
  trace: z.string().optional(),
  isPaused: z.boolean().default(false),
  unfinished: Nullable(z.object({ commandId: CommandId, entered: z.array(z.object({ frame: Count, states: Count })) })),
  signals: z.array(z.object({ signal: Count, name: SignalName, data: Json })).default([]),
  nextSignal: Count.default(1),
  retryCount: Count.default(0),
  frames: z.array(Frame),
  visits: z.array(Visit),
  commands: z.array(Command),
  shadows: z
    .array(z.object({ commandId: CommandId, visit: Count, decisionId: z.string(), deadline: z.string() }))
    .default([]),
  nextFrame: Count,
  nextVisit: Count,
  nextCommand: Count,
  nextDecision: Count,
  eventCount: Count,
  errorCount: Count,
  phase: z.string().nullable(),
  scores: z.array(z.object({ phase: z.string(), round: z.int(), scores: z.record(z.string(), z.number()) })),
  output: Json.nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
});

export const RunSnapshot = z.object({
  document: DocumentOfEvent,
  state: State,
  /** Missing in copies whose money is a sum of doubles: it need not be the sum of micro-dollars that their events give. */
  money: z.literal('whole micro-dollars').optional(),
  /** Missing in copies of version 1, which know no `steps` and no `answers`. */
  notes: z.literal('steps and answers').optional(),
  defaultLanguage: DefaultLanguage.optional(),
});
export type RunSnapshot = z.infer<typeof RunSnapshot>;

/** The state of a run that goes on, as an event can hold it. */
export const toSnapshot = (run: StartedRun): RunSnapshot => ({
  document: run.document,
  state: State.parse(stateToJson(run)),
  money: 'whole micro-dollars',
  notes: 'steps and answers',
  ...defaultLanguageOf(run.document),
});

export function fromSnapshot({ document, state, defaultLanguage }: RunSnapshot): StartedRun {
  const { frames, visits, commands, shadows, ...rest } = state;
  return {
    ...rest,
    document: documentOfRun(document, defaultLanguage),
    ...moneyOf(state),
    frames: PersistentMap(frames.map((frame) => [frame.frame, frame])),
    visits: PersistentMap(
      visits.map((visit) => [
        visit.visit,
        {
          ...visit,
          map: fromCopy(visit.map),
          branches: PersistentMap(visit.branches.map(({ branch, frame }) => [branch, frame])),
          outputs: PersistentMap(visit.outputs.map(({ branch, output }) => [branch, output])),
        },
      ]),
    ),
    commands: PersistentMap(commands.map((command) => [command.commandId, command])),
    reserved: reservedBy(commands),
    waiting: lineOf(visits.flatMap(({ visit, pending }) => (pending?.type === 'budget' ? [visit] : []))),
    shadows: PersistentMap(shadows.map((shadow) => [shadow.commandId, shadow])),
  };
}

/** What a copy of the state says of money, as the state has it. */
function moneyOf({ spent, extended }: RunSnapshot['state']): Pick<StartedRun, 'spent' | 'extended'> {
  const { usd: spentUsd, ...used } = spent;
  const { usd: extendedUsd, ...given } = extended;
  return {
    spent: { microUsd: microUsdOf(spentUsd, 'up'), ...used },
    extended: { microUsd: microUsdOf(extendedUsd, 'down'), ...given },
  };
}

/**
 * Whether a copy of the state in the log is what the events before it give. Of copies whose money is a sum of doubles,
 * each event may have been rounded by less than a micro-dollar since.
 */
export function isSnapshotOf(run: StartedRun, carry: RunSnapshot): boolean {
  if (carry.notes === undefined) return isOldSnapshotOf({ ...run, ...NO_NOTES }, carry);
  const document = documentOfRun(carry.document, carry.defaultLanguage);
  return canonicalJson(toSnapshot(asFarAsTold(run, carry))) === canonicalJson({ ...carry, document });
}

/** Copies of before items of batches were counted do not say how many began. */
function asFarAsTold(run: StartedRun, { state }: RunSnapshot): StartedRun {
  const silent = new Set(
    state.visits.filter(({ map }) => map?.source?.begunItems === undefined).map(({ visit }) => visit),
  );
  const visits = run.visits.map((visit) => {
    const { map } = visit;
    if (map?.source?.begunItems === undefined || !silent.has(visit.visit)) return visit;
    return { ...visit, map: { ...map, source: { ...map.source, begunItems: undefined } } };
  });
  return { ...run, visits };
}

const NO_NOTES = { steps: [], answers: [] };

/** What a copy of the state says that follows from no event after it: whoever reads past it must come to the same. */
export const toldBy = ({ state }: RunSnapshot): Pick<StartedRun, 'spent' | 'extended' | 'steps' | 'answers'> => ({
  ...moneyOf(state),
  steps: state.steps,
  answers: state.answers,
});

function isOldSnapshotOf(run: StartedRun, carry: RunSnapshot): boolean {
  if (carry.money !== undefined) {
    return canonicalJson(toSnapshot(run)) === canonicalJson(toSnapshot(fromSnapshot(carry)));
  }
  const { spent, extended } = run;
  const copied = fromSnapshot(carry);
  const offBy = [copied.spent.microUsd - spent.microUsd, copied.extended.microUsd - extended.microUsd];
  const withItsMoney = {
    ...run,
    spent: { ...spent, microUsd: copied.spent.microUsd },
    extended: { ...extended, microUsd: copied.extended.microUsd },
  };
  return (
    offBy.every((microUsd) => Math.abs(microUsd) <= run.eventCount) &&
    canonicalJson(toSnapshot(withItsMoney)) === canonicalJson(toSnapshot(copied))
  );
}
