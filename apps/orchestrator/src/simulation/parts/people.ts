import { INTAKE_QUEUE, type JsonObject } from '@baton/contracts';
import { acceptRequest } from '@baton/event-store';
import type { Messaging } from '@baton/messaging';
import type { Pool } from 'pg';
import type { Clockwork, Process } from '../world/clockwork.js';
import type { CommandRecord, Tables } from '../world/database/tables.js';
import type { Ledger } from './ledger.js';
import { SUBMITTED } from './workflows.js';

const LOOK_EVERY_MS = 500;
const TRY_AGAIN_MS = 700;

export interface PeoplePorts {
  readonly pool: Pool;
  readonly messaging: Messaging;
  readonly clockwork: Clockwork;
  readonly process: Process;
  readonly ledger: Ledger;
  readonly tables: Tables;
  readonly stormMs: number;
  /** Then more of them ask, of whom some have to wait. */
  readonly hasCaps: boolean;
}

/**
 * Everybody who asks for something, by way of the gateway: accepts, and only then puts it into the queue. Whoever is not told
 * that a request was accepted asks again under the same id.
 */
export class People {
  /** How many requests are to be accepted yet. */
  open = 0;
  readonly #answered = new Set<string>();

  constructor(private readonly ports: PeoplePorts) {}

  start(): void {
    const { clockwork, hasCaps } = this.ports;
    const { choices } = clockwork;
    const count = hasCaps ? 2 + Math.floor(choices.draw('runs') * 4) : 1 + Math.floor(choices.draw('runs') * 3);
    for (let n = 1; n <= count; n += 1) if (choices.fault(`run ${n}`, 1)) this.#submit(n);
    const look = (): void => {
      this.#answerAll();
      setTimeout(look, LOOK_EVERY_MS);
    };
    look();
  }

  #submit(n: number): void {
    const { clockwork, stormMs, hasCaps } = this.ports;
    const { choices } = clockwork;
    const isLong = choices.fault(`long run ${n}`, 0.001);
    const workflow = isLong ? 'long' : choices.pick(`workflow ${n}`, SUBMITTED);
    const runId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const mode = choices.pick(`mode ${n}`, ['auto', 'hybrid', 'programmatic']);
    const decisions = workflow === 'decide' ? { decisions: { mode } } : {};
    const priority = Math.floor(choices.draw(`priority ${n}`) * 4);
    const who = hasCaps ? choices.pick(`who ${n}`, ['ada', 'bob']) : 'ada';
    const beginMs = choices.draw(`begin ${n}`) * stormMs * 0.4;
    this.#later(beginMs, () =>
      this.#ask('submit', `submit-${n}`, runId, {
        runId,
        workflow,
        input: {},
        priority,
        actor: { type: 'user', id: who },
        ...decisions,
      }),
    );
    const later = (what: string, probability: number, request: string, data: JsonObject = {}): void => {
      if (!choices.fault(`${what} ${n}`, probability)) return;
      const afterMs = choices.draw(`${what} after ${n}`) * stormMs;
      this.#later(beginMs + afterMs, () => this.#ask(request, `${what}-${n}`, null, { runId, ...data }));
    };
    later('cancel', 0.15, 'cancel');
    later('pause', 0.08, 'pause');
    const forkId = `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;
    later('fork', 0.1, 'fork', { forkId, at: 1 + Math.floor(choices.draw(`fork at ${n}`) * 12) });
  }

  /** What is asked for later is open from now on. */
  #later(ms: number, ask: () => Promise<void>): void {
    this.open += 1;
    setTimeout(() => void ask().finally(() => this.#close()), ms);
  }

  #close(): void {
    this.open -= 1;
  }

  /** Looks for what waits for somebody, as a person at the dashboard does. */
  #answerAll(): void {
    const { tables } = this.ports;
    for (const command of tables.commands.values()) {
      if (this.#answered.has(command.commandId)) continue;
      if (command.name === 'approval') this.#answer(command);
      if (command.name === 'signal') this.#signal(command);
      if (command.name === 'task' || command.name === 'token') this.#answerToken(command);
    }
    for (const { runId, status } of tables.streams.values()) {
      if (status === 0) this.#resume(runId);
      const last = tables.eventsOf.get(runId)?.at(-1);
      if (status !== 1 || last?.type !== 'RunFailed' || this.#answered.has(`retry ${runId}`)) continue;
      this.#answered.add(`retry ${runId}`);
      // A child that is retried by itself is nobody's child any more.
      if (tables.stream(runId)?.parent === null) void this.#ask('retry', `retry-${runId}`, null, { runId });
    }
  }

  /** Whoever paused a run lets it go on once the storm is over. */
  #resume(runId: string): void {
    const { tables, clockwork, stormMs } = this.ports;
    if (clockwork.nowMs < stormMs) return;
    const events = tables.eventsOf.get(runId) ?? [];
    const pauses = events.filter(({ type }) => type === 'RunPaused').length;
    const last = events.findLast(({ type }) => type === 'RunPaused' || type === 'RunResumed');
    const requestId = `resume-${runId}-${pauses}`;
    if (last?.type !== 'RunPaused' || this.#answered.has(requestId)) return;
    this.#answered.add(requestId);
    void this.#ask('resume', requestId, null, { runId });
  }

  /** Sometimes several at once, who do not agree; one of two that are needed says it twice. */
  #answer({ commandId, runId }: CommandRecord): void {
    const { choices } = this.ports.clockwork;
    this.#answered.add(commandId);
    const isQuestion = this.#isQuestion(commandId, runId);
    const say = (who: string, decision: string): void => {
      const request = {
        runId,
        approvalId: commandId,
        decision,
        comment: `says ${who}`,
        actor: { type: 'user', id: who },
      };
      void this.#ask('decide-approval', `answer-${commandId}-${who}-${decision}`, null, request);
    };
    const first = isQuestion ? 'answer' : 'approve';
    say('ada', first);
    if (choices.fault(`two answers ${commandId}`, 0.5)) say('bob', isQuestion ? 'answer' : 'reject');
    if (choices.fault(`answers again ${commandId}`, 0.3)) say('ada', isQuestion ? 'reject' : 'reject');
    say('eve', first);
    say('joe', first);
  }

  #isQuestion(commandId: string, runId: string): boolean {
    const events = this.ports.tables.eventsOf.get(runId) ?? [];
    return events.some(({ data }) => data.includes(`"${commandId}"`) && data.includes('"about":"question"'));
  }

  /** Whoever was given the token of a task: mostly once its worker is done, sometimes before, and now and then twice. */
  #answerToken({ commandId, runId, name }: CommandRecord): void {
    const { choices } = this.ports.clockwork;
    const events = this.ports.tables.eventsOf.get(runId) ?? [];
    const scheduled = events.find(({ type, data }) => type === 'TaskScheduled' && data.includes(`"${commandId}"`));
    if (scheduled?.data.includes('.waitForTaskToken') !== true) return;
    if (name === 'task' && !choices.fault(`early answer ${commandId}`, 0.2)) return;
    this.#answered.add(commandId);
    const isRefused = choices.draw(`refuses ${commandId}`) < 0.2;
    const failure = { answer: 'failure', error: 'Flaky', cause: 'not this time' };
    const success = { answer: 'success', output: { says: 'ada' } };
    const say = (who: string, said: JsonObject): void =>
      void this.#ask('answer-task', `token-${commandId}-${who}`, null, { runId, commandId, ...said });
    say('ada', isRefused ? failure : success);
    if (choices.fault(`answers again ${commandId}`, 0.3)) say('bob', success);
  }

  #signal({ commandId, runId }: CommandRecord): void {
    this.#answered.add(commandId);
    const events = this.ports.tables.eventsOf.get(runId) ?? [];
    if (events.some(({ data }) => data.includes('baton:signal:never'))) return;
    void this.#ask('signal', `signal-${commandId}`, null, { runId, name: 'go', data: 1 });
  }

  async #ask(name: string, requestId: string, begins: string | null, data: JsonObject): Promise<void> {
    const { pool, messaging, ledger } = this.ports;
    this.open += 1;
    const message: JsonObject = { actor: { type: 'user', id: 'ada' }, ...data, requestId };
    for (;;) {
      try {
        await acceptRequest(pool, { requestId, name, message });
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
      }
    }
    ledger.accepted.set(requestId, begins);
    this.open -= 1;
    // What is lost here is in the inbox.
    await messaging.publish(INTAKE_QUEUE, [{ jobId: `g-${requestId}`, name, data: message }]).catch(() => {});
  }
}
