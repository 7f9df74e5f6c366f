import { type CommandId, RetryableError, type RunId } from '@baton/contracts';
import type { AppendItem, AppendResult, CommandRow, Conflict } from '@baton/event-store';
import type { JobState, OutgoingJob } from '@baton/messaging';
import { emptySegment, initialState, type RunEvent, rebuild, upcast } from '@baton/workflow';
import type { HubStore } from '../hub/hub-store.js';

/*
 * The world around the hub, in memory: a durable store and a forgetful queue. Every operation first waits for its turn
 * at `gate`, which is where a seeded scheduler orders, delays and kills.
 */

export type Gate = () => Promise<void>;

/** Known faults, to show that the simulation would find them. */
export interface Mutation {
  /** The store does not check that a settled command still has its row, nor the stream's version. */
  readonly ignoresTokens?: boolean;
  /** No sweep: what a queue lost in part stays lost. */
  readonly hasNoSweep?: boolean;
  /** The queue is called whole before everything was sent again. */
  readonly marksReadyFirst?: boolean;
  /** Commands are sent before the commit. */
  readonly dispatchesFirst?: boolean;
}

/** What survives everything. */
export class Postgres {
  readonly events = new Map<RunId, RunEvent[]>();
  readonly commands = new Map<CommandId, CommandRow>();
  readonly requests = new Set<string>();
  readonly everCommitted = new Set<CommandId>();
  /** By lane: how far its hub said it has sent commands. */
  readonly dispatchedSeq = new Map<number, number>();
  #seq = 0;

  constructor(
    private readonly mutation: Mutation,
    private readonly nowMs: () => number,
    private readonly isAway: () => boolean,
  ) {}

  /** The store as the hub on this lane sees it. */
  storeFor(gate: Gate, lane: number): HubStore {
    const read = async <T>(answer: () => T): Promise<T> => {
      await gate();
      this.#reach();
      return answer();
    };
    /** Killed or cut off before the transaction, or after it and before its answer: all have to be survived. */
    const write = async <T>(transaction: () => T): Promise<T> => {
      await gate();
      this.#reach();
      const result = transaction();
      await gate();
      this.#reach();
      return result;
    };
    const page = (keep: (row: CommandRow) => boolean, limit: number): readonly CommandRow[] =>
      [...this.commands.values()]
        .filter(keep)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit);
    return {
      loadRun: (runId) =>
        read(() => {
          const events = this.events.get(runId) ?? [];
          return {
            state: events.length === 0 ? initialState : rebuild(events),
            version: events.length,
            segment: emptySegment,
          };
        }),
      append: (dispatchedSeq, items) => write(() => this.#append(lane, dispatchedSeq, items)),
      putBlob: async () => ({ sha256: '0'.repeat(64), size: 1 }),
      saveDispatched: (seq) => write(() => this.#saveDispatched(lane, seq)),
      undispatched: ({ olderThanMs, afterSeq, limit }) =>
        read(() => {
          const isBeyond = (row: CommandRow) => row.seq > Math.max(afterSeq, this.dispatchedSeq.get(row.lane) ?? 0);
          return page((row) => isBeyond(row) && this.#isOlder(row, olderThanMs), limit);
        }),
      outstanding: ({ olderThanMs, afterSeq, limit }) =>
        read(() => page((row) => row.seq > afterSeq && this.#isOlder(row, olderThanMs), limit)),
      due: () => read(() => []),
      unadvised: () => read(() => []),
      childrenToStart: () => read(() => []),
      childrenEnded: () => read(() => []),
      orphans: () => read(() => []),
      bumpDispatch: (commandId, from) =>
        write(() => {
          const row = this.commands.get(commandId);
          if (row?.dispatchNo !== from) return null;
          this.commands.set(commandId, { ...row, dispatchNo: row.dispatchNo + 1 });
          return row.dispatchNo + 1;
        }),
      beginSuspect: async () => true,
      clearSuspect: async () => {},
      park: async (_, error) => {
        throw error;
      },
    };
  }

  #isOlder({ createdAt }: CommandRow, ms = 0): boolean {
    return Date.parse(createdAt) <= this.nowMs() - ms;
  }

  #reach(): void {
    if (this.isAway()) throw new RetryableError('away', { code: 'database-unreachable', retryAfterMs: 1 });
  }

  #append(lane: number, dispatchedSeq: number, items: readonly AppendItem[]): AppendResult {
    this.#saveDispatched(lane, dispatchedSeq);
    const conflicts = items.flatMap((item, index) => this.#conflictsOf(item, index));
    if (conflicts.length > 0) return { ok: false, conflicts };
    const rows: CommandRow[] = [];
    for (const { runId, events, consume, requests, commands } of items) {
      const parsed = events.map(({ type, schemaVersion, data, document }) =>
        upcast(type, schemaVersion, data, document),
      );
      this.events.set(runId, [...(this.events.get(runId) ?? []), ...parsed]);
      for (const commandId of consume) this.commands.delete(commandId);
      for (const requestId of requests) this.requests.add(requestId);
      for (const command of commands) {
        this.#seq += 1;
        const createdAt = new Date(this.nowMs()).toISOString();
        const row = { ...command, runId, lane, dispatchNo: 0, seq: this.#seq, createdAt, waitMs: 0 };
        this.commands.set(command.commandId, row);
        this.everCommitted.add(command.commandId);
        rows.push(row);
      }
    }
    return { ok: true, firstPosition: 1, commands: rows };
  }

  #conflictsOf({ runId, expectedVersion, consume, requests }: AppendItem, index: number): readonly Conflict[] {
    const seen = requests.filter((key) => this.requests.has(key));
    const repeated = seen.map((key) => ({ index, reason: 'request-seen' as const, key }));
    if (this.mutation.ignoresTokens === true) return repeated;
    const gone = consume.filter((key) => !this.commands.has(key));
    const version = this.events.get(runId)?.length ?? 0;
    return [
      ...repeated,
      ...gone.map((key) => ({ index, reason: 'command-gone' as const, key })),
      ...(version === expectedVersion ? [] : [{ index, reason: 'version-conflict' as const, key: runId }]),
    ];
  }

  #saveDispatched(lane: number, seq: number): void {
    this.dispatchedSeq.set(lane, Math.max(this.dispatchedSeq.get(lane) ?? 0, seq));
  }
}

export interface Job {
  readonly queue: string;
  readonly jobId: string;
  readonly name: string;
  readonly data: OutgoingJob['data'];
  state: 'waiting' | 'active' | 'completed';
}

/** What may be lost, wholly or in part, at any moment. */
export class Queues {
  jobs = new Map<string, Job>();
  epoch: string | null = null;

  wipe(): void {
    this.jobs = new Map();
    this.epoch = null;
  }

  /** A replica that lagged behind takes over: the last few changes are gone, the rest is there. */
  loseSuffix(count: number): void {
    for (const key of [...this.jobs.keys()].slice(-count)) this.jobs.delete(key);
  }

  add(queue: string, { jobId, name, data }: OutgoingJob): void {
    const key = `${queue} ${jobId}`;
    if (!this.jobs.has(key)) this.jobs.set(key, { queue, jobId, name, data, state: 'waiting' });
  }

  waiting(queue: string): readonly Job[] {
    return [...this.jobs.values()].filter((job) => job.queue === queue && job.state === 'waiting');
  }

  /** Completion of a job that is no longer there changes nothing. */
  complete(job: Job): void {
    if (this.jobs.get(`${job.queue} ${job.jobId}`) === job) job.state = 'completed';
  }

  state(queue: string, jobId: string): JobState {
    return this.jobs.get(`${queue} ${jobId}`)?.state ?? 'unknown';
  }
}
