import type { AppendValues } from '../world/database/append.js';
import { BEGINNINGS, capsOf, type PlaceFacts, placeFacts } from '../world/database/places.js';
import type { Tables } from '../world/database/tables.js';

/*
 * What must be true of each append that was carried out, looked at when it was. It keeps books of its own, so that it finds
 * what the tables were made to accept.
 */

/** The events that are the outcome of a command. */
const OUTCOMES: ReadonlySet<string> = new Set([
  ...['TaskSucceeded', 'TaskFailed', 'TaskAsked', 'TaskTimedOut', 'AdviceGiven', 'AdviceFailed'],
  ...['ApprovalDecided', 'CommandCancelled', 'TimerFired', 'TurnResumed'],
]);
const ENDS: ReadonlySet<string> = new Set(['RunSucceeded', 'RunFailed', 'RunCancelled']);
const AFTER_END: ReadonlySet<string> = new Set(['AdviceGiven', 'AdviceFailed', 'RunRated']);

export class LogWatch {
  /** Every command that was ever issued. */
  readonly issued = new Set<string>();
  readonly #settled = new Set<string>();
  readonly #outcomes = new Map<string, string>();
  readonly #answers = new Set<string>();
  readonly #ended = new Map<string, string>();
  readonly #versions = new Map<string, number>();
  /** Runs that are under way, but for those that a run asked for. */
  readonly #underWay = new Map<string, PlaceFacts>();

  constructor(
    private readonly tables: Tables,
    private readonly violated: (problem: string) => void,
  ) {}

  /** Commands that were issued and have no outcome. */
  get unsettled(): readonly string[] {
    return [...this.issued].filter((commandId) => !this.#settled.has(commandId));
  }

  /** Those that were settled, and no event says how. */
  get untold(): readonly string[] {
    return [...this.#settled].filter((commandId) => !this.#outcomes.has(commandId));
  }

  /** A hub was answered, be it that it had written or that something had changed: so it has to have its lane. */
  letIn(lane: number, fence: number): void {
    if (this.tables.lanes[lane]?.fence !== fence) this.violated(`a hub wrote in lane ${lane} after it had lost it`);
  }

  appended(values: AppendValues): void {
    const { tables, violated } = this;
    const { items, consumed, events, commands } = values;
    if (tables.events.length !== tables.head || tables.events.at(-1)?.position !== tables.head)
      violated(`the log ends at ${tables.events.at(-1)?.position} and should end at ${tables.head}`);
    for (const { runId, version } of events) {
      const before = this.#versions.get(runId) ?? 0;
      if (version !== before + 1) violated(`version ${version} of run ${runId} follows on ${before}`);
      this.#versions.set(runId, version);
    }
    for (const { runId, version } of items)
      if (tables.stream(runId)?.version !== version && version > 0) violated(`run ${runId} is not at ${version}`);
    for (const event of events) this.#look(event);
    this.#count(values);
    this.#settle(consumed, commands);
  }

  /** No run begins beyond a cap. One that is retried goes on in any case, and counts: within an append after those that begin. */
  #count({ items, events }: AppendValues): void {
    const { caps } = this.tables.places;
    for (const { runId, status } of items) if (status === 1) this.#underWay.delete(runId);
    const inTurn = items.toSorted((one, other) => one.expected - other.expected);
    for (const { runId, expected, status, first, last, parent } of inTurn) {
      const begins = events.slice(first - 1, last).find(({ type }) => BEGINNINGS.has(type));
      if (status !== 0 || parent !== null || begins === undefined) continue;
      const facts = placeFacts(begins);
      this.#underWay.set(runId, facts);
      if (expected > 0) continue;
      for (const [key, most] of capsOf(caps, facts)) {
        const count = [...this.#underWay.values()].filter((each) => capsOf(caps, each).has(key)).length;
        if (count > most) this.violated(`run ${runId} began as number ${count} of ${key}, which allows ${most}`);
      }
    }
  }

  #settle(consumed: AppendValues['consumed'], commands: AppendValues['commands']): void {
    const again = new Set(commands.map(({ commandId }) => commandId));
    for (const { commandId } of consumed) {
      if (!this.issued.has(commandId)) this.violated(`${commandId} was settled and never issued`);
      if (again.has(commandId)) continue;
      if (this.#settled.has(commandId)) this.violated(`${commandId} was settled twice`);
      this.#settled.add(commandId);
    }
    for (const commandId of again) this.issued.add(commandId);
  }

  #look({ runId, type, data, actor }: AppendValues['events'][number]): void {
    const end = this.#ended.get(runId);
    if (end !== undefined && !(type === 'RunRetried' && end === 'RunFailed') && !AFTER_END.has(type))
      this.violated(`${type} follows on ${end} of run ${runId}`);
    if (type === 'RunRetried') this.#ended.delete(runId);
    if (ENDS.has(type)) this.#ended.set(runId, type);
    if (type === 'ApprovalCounted' || type === 'ApprovalDecided') {
      const answer = `${commandIn(data)} ${actor}`;
      if (this.#answers.has(answer)) this.violated(`an approval was answered twice: ${answer}`);
      this.#answers.add(answer);
    }
    if (!OUTCOMES.has(type)) return;
    const commandId = commandIn(data);
    const before = this.#outcomes.get(commandId);
    if (before !== undefined) this.violated(`${commandId} has two outcomes, ${before} and ${type}`);
    this.#outcomes.set(commandId, type);
  }
}

const commandIn = (data: string): string => /"commandId":"([^"]+)"/.exec(data)?.[1] ?? '';
