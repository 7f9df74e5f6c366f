import { Actor, assertNever, BatonErrorName, Json, LandArguments, type Landing, toError } from '@baton/contracts';
import type { CommandRow, NotLanded, ToLand } from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { RunOrder } from '@baton/workflow';
import { z } from 'zod';
import type { HubMessage, HubOutcome } from '../message.js';
import { Repeat } from '../repeat.js';

/*
 * Lineages. A command named `land` asks that a version become the head of a lineage. The head is moved in a transaction of
 * its own, under the command's id, and then the run is told. What a crash in between leaves undone a round finds: the command
 * is still open, and asked again the database gives the answer that it gave before. A command that is closed moves no head.
 */

const ROUND_EVERY_MS = 1_000;
/** What was committed a moment ago is on its way. */
const GRACE_MS = 2_000;
const PAGE = 200;

const HUB: Actor = { type: 'system', id: 'orchestrator' };

const LandRequest = z.object({
  state: z.string(),
  /** Missing where they are large, and then they are none of these. */
  arguments: Json.optional(),
  submittedBy: Actor,
});

export interface LineagesPorts {
  readonly toLand: (page: { readonly olderThanMs: number; readonly limit: number }) => Promise<readonly CommandRow[]>;
  readonly land: (asked: ToLand) => Promise<Landing | NotLanded>;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  readonly log: Logger;
}

export class Lineages {
  constructor(private readonly ports: LineagesPorts) {}

  watch(): Repeat {
    return new Repeat('lineages', ROUND_EVERY_MS, () => this.round(), this.ports.log).start();
  }

  /** Does at once what a commit asks for. What fails is left to the next round. */
  onCommitted(commands: readonly CommandRow[]): void {
    for (const command of commands) {
      if (command.name === 'land' && command.queue === null) void this.#land(command).catch(this.#later);
    }
  }

  /** One after the other: those of one lineage would wait for each other, each with a connection. */
  async round(): Promise<void> {
    for (const command of await this.ports.toLand({ olderThanMs: GRACE_MS, limit: PAGE })) {
      await this.#land(command).catch(this.#later);
    }
  }

  #later = (thrown: unknown): void =>
    this.ports.log.warn({ err: toError(thrown) }, 'version not landed, a later round will try again');

  async #land(command: CommandRow): Promise<void> {
    const { commandId, runId } = command;
    const order = await this.#outcomeOf(command);
    if (order !== null) await this.ports.handle({ runId, order, actor: HUB, causationId: commandId });
  }

  /** What the run is told; null where it waits for nothing any more. */
  async #outcomeOf({ commandId, message }: CommandRow): Promise<RunOrder | null> {
    const { state, submittedBy: actor, ...request } = LandRequest.parse(message);
    const asked = LandArguments.safeParse(request.arguments);
    if (!asked.success) return refusal(commandId, `The arguments do not fit: ${z.prettifyError(asked.error)}`);
    const landed = await this.ports.land({ commandId, state, actor, ...asked.data });
    if (typeof landed === 'string') {
      const cause = causeOf(landed, asked.data);
      return cause === null ? null : refusal(commandId, cause);
    }
    return { type: 'CompleteTask', commandId, output: { landed: landed.landed, head: { ...landed.head } } };
  }
}

const refusal = (commandId: string, cause: string): RunOrder => ({
  type: 'FailTask',
  commandId,
  error: BatonErrorName.invalidInput,
  cause,
  retryable: false,
});

function causeOf(outcome: NotLanded, { lineage, from, tree }: LandArguments): string | null {
  switch (outcome) {
    case 'closed':
      return null;
    case 'no-lineage':
      return `There is no lineage ${lineage}. Make it with \`baton workspace create ${lineage} --workspace DIR\`.`;
    case 'no-tree':
      return `There is no workspace ${tree}, so it cannot become the head of ${lineage}.`;
    case 'unknown-base':
      return `The workspace ${from}, which the run began from, was never a version of the lineage ${lineage}.`;
    default:
      return assertNever(outcome);
  }
}
