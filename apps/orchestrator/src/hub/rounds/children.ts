import type { Catalog } from '@baton/catalog';
import {
  Actor,
  BatonError,
  BatonErrorName,
  BlobRef,
  childRequestId,
  childRunIdOf,
  Json,
  type RunId,
  readTraceparent,
  SubmitRun,
  TaskBudget,
  toError,
} from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import { missingSubjects, type Sealer } from '@baton/personal-data';
import type { Logger } from '@baton/service-kit';
import { ParentRun, type RunOrder, type RunState } from '@baton/workflow';
import { z } from 'zod';
import type { Advance } from '../batching/advance.js';
import type { HubStore } from '../hub-store.js';
import type { HubMessage, HubOutcome } from '../message.js';
import { Repeat } from '../repeat.js';
import { endOf } from './end-of-child.js';

/*
 * Child runs. A parent's command named `run` stands for its child until the child has ended. Whatever a commit makes
 * possible is done at once, by this process: a child begins, a parent is told. What a crash in between leaves undone
 * can be read from the tables, and a round finds it: a child that has not begun, an end that was not told, a child that
 * nobody waits for any more. The child's id comes from the command's, so nothing begins twice.
 */

const ROUND_EVERY_MS = 1_000;
/** What was committed a moment ago is on its way. */
const GRACE_MS = 2_000;
const PAGE = 200;
/** A workflow that runs itself must end somewhere. */
const MOST_DEPTH = 500;

const HUB: Actor = { type: 'system', id: 'orchestrator' };

const ChildRequest = z.object({
  workflow: SubmitRun.shape.workflow,
  arguments: Json.optional(),
  blobRef: BlobRef.optional(),
  labels: z.record(z.string(), z.string()),
  priority: z.int(),
  /** The part of its parent's budget that it may spend. */
  budget: TaskBudget.optional(),
  /** A child's agents work as its parent's. */
  agents: SubmitRun.shape.agents,
  submittedBy: Actor,
  parent: ParentRun,
  /** Of the turn that asked for it. */
  traceparent: z.string().optional(),
});

export interface ChildrenPorts {
  readonly store: Pick<HubStore, 'loadRun' | 'childrenToStart' | 'childrenEnded' | 'orphans'>;
  readonly catalog: Pick<Catalog, 'find' | 'checks'>;
  /** What was sealed for one run is sealed anew for the other. */
  readonly sealer: Sealer;
  readonly getBlob: (ref: BlobRef) => Promise<string>;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  readonly log: Logger;
}

export class Children {
  constructor(private readonly ports: ChildrenPorts) {}

  watch(): Repeat {
    return new Repeat('children', ROUND_EVERY_MS, () => this.round(), this.ports.log).start();
  }

  /** Does at once what a commit made possible. What fails is left to the next round. */
  onCommitted(advances: readonly Advance[], commands: readonly CommandRow[]): void {
    const later = (what: string, done: Promise<unknown>): void =>
      void done.catch((thrown: unknown) =>
        this.ports.log.warn({ err: toError(thrown) }, `${what}: a later round will`),
      );
    for (const command of commands) {
      if (command.name === 'run' && command.queue === null) later('child run not begun', this.#start(command));
    }
    for (const { runId, state } of advances) {
      if (state.status === 'new' || state.status === 'running' || state.parent === null) continue;
      later('parent not told of the end of its child', this.#tell(runId, state, state.parent));
    }
  }

  /** Finds what was left undone: by a crash, or because the database was away for a moment. */
  async round(): Promise<void> {
    const { store } = this.ports;
    const toStart = await store.childrenToStart({ olderThanMs: GRACE_MS, limit: PAGE });
    await this.#forEach(toStart, (command) => this.#start(command));
    await this.#forEach(await store.childrenEnded(PAGE), async ({ commandId, runId, childId }) => {
      const { state } = await store.loadRun(childId);
      await this.#tell(childId, state, { runId, commandId });
    });
    await this.#forEach(await store.orphans(PAGE), (runId) => this.#cancel(runId));
  }

  /**
   * What cannot be done for one is left to the next round, and must not hold up the others: nor must a run whose decision
   * takes its time.
   */
  async #forEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
    await Promise.all(
      items.map((item) =>
        act(item).catch((thrown: unknown) => {
          if (thrown instanceof BatonError && ENDS_THE_ROUND.has(thrown.code)) throw thrown;
          this.ports.log.warn({ err: toError(thrown) }, 'child run not looked after, a later round will');
        }),
      ),
    );
  }

  async #start(command: CommandRow): Promise<void> {
    const asked = ChildRequest.safeParse(command.message);
    if (!asked.success) return this.#refuse(command, `It cannot be asked for: ${asked.error.message}`);
    const begin = await this.#beginning(asked.data, command).catch((thrown: unknown) => notStarted(thrown));
    if (typeof begin === 'string') return this.#refuse(command, begin);
    const outcome = await this.ports.handle(begin);
    if (outcome === 'put-aside')
      await this.#refuse(command, 'Its beginning could not be decided; it is a dead letter.');
    if (outcome === 'ignored') await this.#refuseUnlessOwn(command, begin.runId);
  }

  /** It exists already. Begun by another hub, it is the child; a run that nobody's end is told of would be waited for for ever. */
  async #refuseUnlessOwn(command: CommandRow, childId: RunId): Promise<void> {
    const { state } = await this.ports.store.loadRun(childId);
    if (state.status !== 'new' && state.parent?.commandId === command.commandId) return;
    await this.#refuse(
      command,
      `Run ${childId} is not its child any more, or never was: it was retried by itself, or begun by another request.`,
      true,
    );
  }

  /** The child's beginning as a message, or why there is none. */
  async #beginning(asked: z.output<typeof ChildRequest>, { commandId }: CommandRow): Promise<HubMessage | string> {
    const { workflow, parent, labels, priority, budget, agents, submittedBy, traceparent } = asked;
    if (parent.depth > MOST_DEPTH) return `More than ${MOST_DEPTH} runs are inside one another.`;
    const entry = await this.ports.catalog.find(workflow);
    if (entry === undefined) return `There is no workflow ${workflow}.`;
    const given = asked.blobRef === undefined ? (asked.arguments ?? {}) : await this.#read(asked.blobRef);
    const { sealer, catalog } = this.ports;
    // Its schema is for what is in a sealed value, not for what stands in its place.
    const findings = await catalog.checks.input(entry.document, await sealer.opened(given, parent.runId));
    if (findings.length > 0) {
      const list = findings.map(({ pointer, detail }) => `${pointer === '' ? '/' : pointer} ${detail}`).join('; ');
      return `The input does not fit workflow ${workflow}: ${list}.`;
    }
    const requestId = childRequestId(commandId);
    const runId = childRunIdOf(commandId);
    const input = await sealer.moved(given, parent.runId, runId);
    const unnamed = missingSubjects(entry.document.personal, input);
    if (unnamed.length > 0) return `The input does not fit workflow ${workflow}: ${unnamed.join('; ')}.`;
    const { document, sha256 } = entry;
    const within = budget === undefined ? undefined : lesserOf(budget, document.budget);
    const submission = {
      requestId,
      runId,
      workflow,
      input,
      labels,
      priority,
      budget: within,
      agents,
      actor: submittedBy,
      traceparent,
    };
    return {
      runId,
      order: { type: 'StartRun', submission, document, sha256, parent },
      actor: HUB,
      causationId: commandId,
      requestId,
      trace: readTraceparent(traceparent),
    };
  }

  async #read(ref: BlobRef): Promise<Json> {
    return Json.parse(JSON.parse(await this.ports.getBlob(ref)));
  }

  async #refuse({ runId, commandId }: CommandRow, cause: string, retryable = false): Promise<void> {
    const error = BatonErrorName.childNotStarted;
    const order: RunOrder = { type: 'FailTask', commandId, error, cause, retryable };
    await this.ports.handle({ runId, order, actor: HUB, causationId: commandId });
  }

  async #tell(
    childId: RunId,
    state: RunState,
    parent: { readonly runId: RunId; readonly commandId: string },
  ): Promise<void> {
    const ended = endOf(state, parent.commandId);
    if (ended === null) return;
    const order =
      ended.type === 'CompleteTask'
        ? { ...ended, output: await this.ports.sealer.moved(ended.output, childId, parent.runId) }
        : ended;
    await this.ports.handle({ runId: parent.runId, order, actor: HUB, causationId: childId });
  }

  async #cancel(runId: RunId): Promise<void> {
    const requestId = `orphan:${runId}`;
    const reason = 'the run that asked for it no longer waits';
    await this.ports.handle({
      runId,
      order: { type: 'CancelRun', requestId, reason },
      actor: HUB,
      causationId: requestId,
    });
  }
}

/** What its parent can spare, and no more than its own workflow allows. */
function lesserOf(given: TaskBudget, own: TaskBudget = {}): TaskBudget {
  const lesser = (a = Number.POSITIVE_INFINITY, b = Number.POSITIVE_INFINITY): number => Math.min(a, b);
  return {
    ...(given.usd === undefined ? {} : { usd: lesser(given.usd, own.usd) }),
    ...(given.tokens === undefined ? {} : { tokens: lesser(given.tokens, own.tokens) }),
  };
}

/** Nobody behind it would fare better. */
const ENDS_THE_ROUND: ReadonlySet<string> = new Set(['database-unreachable', 'hub-stopping', 'lane-fenced']);

/** What is the same at every try is a reason; anything else is tried again. */
function notStarted(thrown: unknown): string {
  if (thrown instanceof BatonError && thrown.code === 'workflow-unreadable') return thrown.message;
  throw thrown;
}
