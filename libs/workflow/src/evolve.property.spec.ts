import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunEvent, SNAPSHOT_EVENTS } from './events/run-event.js';
import { evolve } from './evolve.js';
import { react } from './react.js';
import { reservedBy } from './state/reserved.js';
import { toSnapshot } from './state/run-snapshot.js';
import { initialState, type RunState } from './state/run-state.js';
import { stateToJson } from './state/state-to-json.js';
import { firstInLine } from './state/waiting-line.js';
import { documentOf, RUN_ID, task } from './testing/scenario.js';

const small = fc.nat(4);
const visit = small;
const commandId = fc.integer({ min: 1, max: 5 }).map((ordinal) => `${RUN_ID}-${ordinal}`);
const text = fc.constantFrom('', 'A', 'B');
const json = fc.constantFrom(null, 1, 'text', { a: [1] });
const assign = fc.constantFrom({}, { v: 1 });
const instant = fc.constantFrom('2026-11-21T12:00:00.000Z', '2027-01-01T00:00:00.000Z');
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary);

const started = {
  workflow: { name: 'test', version: '1.0.0', sha256: '' },
  document: documentOf({ A: task({ Next: 'B' }), B: task() }, { phases: [{ name: 'p', states: ['A'] }] }),
  input: {},
  requestId: 'r',
  submittedBy: { type: 'user' as const, id: 'u' },
  labels: {},
  priority: 2,
  decisionMode: 'programmatic' as const,
  budget: { usd: null, tokens: null, wallClock: null },
};

const decision = fc
  .record({ kind: fc.constantFrom('choice', 'task-failed'), round: maybe(small), withScores: fc.boolean() })
  .map(({ kind, round, withScores }) => ({
    decision: {
      decisionId: 'd',
      point: { kind, state: 'A' },
      classification: 'standard',
      reasons: [],
      source: 'programmatic',
      actionType: 'invoke_agent',
      targetAgent: null,
      template: null,
      stepNumber: null,
      target: null,
      phase: 'p',
      round,
      scores: withScores ? { alignment: 8 } : null,
      rationale: '',
      confidence: null,
      recoveryStrategy: null,
      programmaticAlternative: null,
      conflictReason: null,
      adviceRejected: null,
      latencyMs: 0,
      costUsd: null,
    },
  }));

const carried = evolve(initialState, RunEvent.parse({ type: 'RunStarted', data: started }));
if (carried.status === 'new') throw new Error('the run did not begin');
const carry = fc.constant(toSnapshot(carried));

const budgetKind = fc.constantFrom('usd', 'tokens', 'wallClock');
const usage = fc.record({ inputTokens: small, outputTokens: small, costUsd: maybe(small) });
const move = {
  ...{ id: 'go:A', actionType: 'invoke_agent', target: 'A', targetAgent: null, template: null },
  ...{ stepNumber: null, index: null, recoveryStrategy: null, text: '' },
};
const question = fc.constant({
  ...{ asks: 'advisor', decisionId: `${RUN_ID}-d1`, point: { kind: 'choice', state: 'A' }, classification: 'complex' },
  ...{ reasons: [], phase: null, round: null, scores: null, rule: move, rationale: '', moves: [move], blocked: [] },
  failure: null,
});

/** The data of every type of event there is, with numbers so small that they often meet. */
const dataOf: { readonly [T in RunEvent['type']]: fc.Arbitrary<object> } = {
  RunStarted: fc.constant(started),
  RunForked: fc.record({
    from: fc.record({ runId: fc.constant(RUN_ID), version: fc.integer({ min: 1, max: 3 }) }),
    requestId: fc.constant('r'),
    carry,
  }),
  RunRetried: fc.record({ requestId: fc.constant('r'), reason: text, version: fc.integer({ min: 1, max: 3 }), carry }),
  RunContinued: fc.record({ carry }),
  EngineChanged: fc.constant({
    engine: { version: 2, statesWithoutWaiting: 10, expressionSteps: 100, maxPayloadBytes: null },
  }),
  RunPaused: fc.record({ requestId: fc.constant('r'), reason: text }),
  RunResumed: fc.record({ requestId: fc.constant('r') }),
  RunRated: fc.record({
    requestId: fc.constant('r'),
    score: fc.integer({ min: 1, max: 5 }),
    note: text,
    by: fc.constant({ type: 'user', id: 'u' }),
  }),
  TurnYielded: fc.record({
    commandId,
    dueAt: fc.constant('2026-11-27T12:00:00.000Z'),
    entered: fc.array(fc.record({ frame: fc.integer({ min: 0, max: 3 }), states: fc.integer({ min: 1, max: 3 }) })),
  }),
  TurnResumed: fc.record({ commandId }),
  SignalReceived: fc.record({
    signal: fc.integer({ min: 1, max: 3 }),
    name: fc.constantFrom('go', 'stop'),
    data: json,
    requestId: fc.constant('r'),
  }),
  ApprovalDecided: fc.record({
    visit,
    commandId,
    decision: fc.constantFrom('approve', 'reject', 'request-changes', 'answer'),
    comment: text,
    by: fc.constant({ type: 'user', id: 'u' }),
    requestId: fc.constant('r'),
  }),
  ApprovalCounted: fc.record({
    visit,
    commandId,
    comment: text,
    by: fc.constant({ type: 'user', id: 'v' }),
    requestId: fc.constant('r'),
  }),
  ApprovalReminded: fc.record({ visit, commandId }),
  ApprovalEscalated: fc.record({ visit, commandId, to: fc.constant(['w']) }),
  AdviceRequested: fc.record(
    { visit, commandId, question, arguments: json, deadline: instant, isShadow: fc.constant(true) },
    { requiredKeys: ['visit', 'commandId', 'question', 'arguments', 'deadline'] },
  ),
  AdviceGiven: fc.record({ visit, commandId, decisionId: text, output: json, usage }),
  AdviceFailed: fc.record({ visit, commandId, decisionId: text, error: text, cause: text }),
  BudgetWarned: fc.record({ kind: budgetKind, used: small, limit: fc.constant(5) }),
  BudgetExhausted: fc.record({ kind: budgetKind, used: small, limit: fc.constant(5) }),
  BudgetExtended: fc.record({ kind: budgetKind, by: fc.constant(5) }),
  BudgetAwaited: fc.record({ visit }),
  FrameStarted: fc.record({
    frame: small,
    parent: maybe(fc.record({ visit, branch: small })),
    machine: text,
    input: json,
  }),
  StateEntered: fc.record({ visit, frame: small, state: text }),
  MapStarted: fc.record({
    visit,
    items: fc.array(json, { maxLength: 3 }),
    maxConcurrency: small,
    toleratedCount: maybe(small),
    toleratedPercentage: maybe(fc.constantFrom(0, 50, 100)),
  }),
  TaskScheduled: fc.record(
    {
      visit,
      commandId,
      resource: fc.constantFrom('baton:worker:any', 'other:thing', 'baton:approval'),
      arguments: json,
      attempt: fc.integer({ min: 1, max: 3 }),
      notBefore: maybe(instant),
      deadline: maybe(instant),
      heartbeatSeconds: maybe(fc.integer({ min: 1, max: 9 })),
      budget: fc.record({ usd: fc.constantFrom(0.1, 1), tokens: small }, { requiredKeys: [] }),
      questions: fc.integer({ min: 1, max: 3 }),
      continues: fc.array(fc.record({ commandId, entries: small }), { minLength: 1, maxLength: 2 }),
      answer: fc.constant({ outcome: 'answered', text: 'two', by: 'user:u' }),
      approval: fc.record({ policy: fc.constant({ count: 2 }), remindAt: maybe(instant), escalateAt: maybe(instant) }),
    },
    {
      requiredKeys: [
        ...(['visit', 'commandId', 'resource', 'arguments', 'attempt'] as const),
        ...(['notBefore', 'deadline', 'heartbeatSeconds'] as const),
      ],
    },
  ),
  TaskSucceeded: fc.record({ visit, commandId, output: json }),
  TaskFailed: fc.record({ visit, commandId, error: text, cause: text, retryable: fc.boolean() }),
  TaskSubmitted: fc.record({ visit, commandId }),
  TaskAsked: fc.record({
    visit,
    commandId,
    asks: fc.record({ text: fc.constantFrom('Which?', 'How many?'), entries: small }),
    usage,
  }),
  TaskTimedOut: fc.record({ visit, commandId, error: text }),
  CommandCancelled: fc.record({ visit, commandId, reason: text }),
  TimerScheduled: fc.record({ visit, commandId, dueAt: instant }),
  TimerFired: fc.record({ visit, commandId }),
  StateRetried: fc.record({ visit, retrier: small, error: text, cause: text, notBefore: instant }),
  StateExited: fc.record({ visit, output: json, assign, next: maybe(text) }),
  ErrorCaught: fc.record({ visit, catcher: small, error: text, cause: text, output: json, assign, next: text }),
  StateFailed: fc.record({ visit, error: text, cause: text }),
  FrameEnded: fc.record({ frame: small, output: json }),
  FrameAborted: fc.record(
    { frame: small, reason: text, isTolerated: fc.constant(true) },
    { requiredKeys: ['frame', 'reason'] },
  ),
  DecisionMade: decision,
  RunSucceeded: fc.record({ output: json }),
  RunFailed: fc.record({ error: text, cause: text }),
  RunCancelled: fc.record({ reason: text, requestId: fc.constant('r') }),
};

const ends = ['RunSucceeded', 'RunFailed', 'RunCancelled'];
const event = fc
  .constantFrom(...RunEvent.options.map((option) => option.shape.type.value))
  .filter((type) => !ends.includes(type))
  .chain((type) => dataOf[type].map((data) => RunEvent.parse({ type, data })));
const anyEvent = fc
  .constantFrom(...RunEvent.options.map((option) => option.shape.type.value))
  .chain((type) => dataOf[type].map((data) => RunEvent.parse({ type, data })));

const first = RunEvent.parse({ type: 'RunStarted', data: started });

describe('folding', () => {
  test('never throws, whatever order events come in, and neither do reactions', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.array(anyEvent, { maxLength: 5 }), (many, last) => {
        let state: RunState = initialState;
        for (const each of [first, ...many, ...last]) {
          state = evolve(state, each);
          react(each, state);
        }
        expect(JSON.stringify(stateToJson(state))).toContain('status');
      }),
      { numRuns: 500 },
    );
  });

  test('what is reserved and who waits for budget follow from the open commands and visits', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (many) => {
        const state = [first, ...many].reduce(evolve, initialState);
        if (state.status === 'new') throw new Error('the run did not begin');
        expect(state.reserved).toEqual(reservedBy(state.commands.values()));
        const waiting = [...state.visits.values()].filter(({ pending }) => pending?.type === 'budget');
        const visits = waiting.map(({ visit: number }) => number).sort((a, b) => a - b);
        expect([...state.waiting.visits].sort((a, b) => a - b)).toEqual(visits);
        expect(firstInLine(state.waiting)).toBe(visits[0] ?? null);
      }),
      { numRuns: 500 },
    );
  });

  test('an event that fits nothing leaves the very same state', () => {
    fc.assert(
      fc.property(anyEvent, (each) => {
        if (each.type !== 'RunStarted' && !SNAPSHOT_EVENTS.some((type) => type === each.type))
          expect(evolve(initialState, each)).toBe(initialState);
        const ended = evolve(evolve(initialState, first), { type: 'RunSucceeded', data: { output: 1 } });
        // What people think of a run fits at any time, and changes nothing but the count of its events.
        if (each.type !== 'RunRated') expect(evolve(ended, each)).toBe(ended);
        else expect(evolve(ended, each)).toEqual({ ...ended, eventCount: 3 });
      }),
    );
    const running = evolve(initialState, first);
    expect(evolve(running, { type: 'StateFailed', data: { visit: 7, error: '', cause: '' } })).toBe(running);
    expect(evolve(running, first)).toBe(running);
  });

  test('does not change the state it starts from', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (many) => {
        const before = many.reduce(evolve, evolve(initialState, first));
        const text = JSON.stringify(stateToJson(before));
        many.reduce(evolve, before);
        expect(JSON.stringify(stateToJson(before))).toBe(text);
      }),
    );
  });
});
