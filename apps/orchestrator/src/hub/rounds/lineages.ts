import { Actor, assertNever, BatonErrorName, Json, LandArguments, type Landing, toError } from '@baton/contracts';
import {
  type CommandRow,
  landVersion,
  type NotLanded,
  type ToLand,
  versionsToLand,
  type WaitsToLand,
} from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { RunOrder } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { HubMessage, HubOutcome } from '../message.js';
import { Repeat } from '../repeat.js';

/*
 * Lineages. A command named `land` asks that a version become the head of a lineage. The head is moved in a transaction of
 * its own, under the command's id, and then the run is told. What a crash in between leaves undone a round finds: the command
 * is still open, and asked again the database gives the answer that it gave before. A command that is closed moves no head.
 *
 * Where a run was told of another head, it merges, and is next: the commands of all others for that lineage stay open until it
 * has landed, and are asked again then, the oldest first. So what many runs land at once is merged once for each, and not once
 * for each and each that was before it (ADR 63).
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

interface ToLandPage {
  readonly olderThanMs: number;
  readonly limit: number;
  readonly afterSeq: number;
}

/** What came of a command: the run was told, or it waits for another one, which is next. */
interface Asked {
  readonly lineage: string;
  readonly hasLanded: boolean;
  readonly waitsFor: string | null;
}

export interface LineagesPorts {
  readonly toLand: (page: ToLandPage) => Promise<readonly CommandRow[]>;
  readonly land: (asked: ToLand) => Promise<Landing | NotLanded | WaitsToLand>;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  readonly log: Logger;
}

/** Those that a hub looks after: of its own lanes, and after a while of others'. */
export type CommandScope = () => Pick<Parameters<typeof versionsToLand>[1], 'scope'>;

/** Those of a hub, in whose database they are. */
export const lineagesIn = (
  pool: Pool,
  { scope, ...ports }: Pick<LineagesPorts, 'handle' | 'log'> & { readonly scope: CommandScope },
): Lineages =>
  new Lineages({
    ...ports,
    toLand: (page) => versionsToLand(pool, { ...page, ...scope() }),
    land: (asked) => landVersion(pool, asked),
  });

export class Lineages {
  constructor(private readonly ports: LineagesPorts) {}

  watch(): Repeat {
    return new Repeat('lineages', ROUND_EVERY_MS, () => this.round(), this.ports.log).start();
  }

  /** Does at once what a commit asks for. What fails is left to the next round. */
  onCommitted(commands: readonly CommandRow[]): void {
    for (const command of commands) {
      if (command.name === 'land' && command.queue === null) void this.#atOnce(command).catch(this.#later);
    }
  }

  /** One after the other: those of one lineage would wait for each other, each with a connection. */
  async round(): Promise<void> {
    // Who waits for a run that then lands in the same round is asked again; each of these rounds has landed something.
    while (await this.#asksAll());
  }

  /** Who landed was next, perhaps: then somebody waits for that. */
  async #atOnce(command: CommandRow): Promise<void> {
    if ((await this.#land(command))?.hasLanded) await this.round();
  }

  /** Whether somebody has landed whom others waited for. */
  async #asksAll(): Promise<boolean> {
    const next = new Map<string, string>();
    let isToRepeat = false;
    for (let afterSeq = 0; ; ) {
      const page = await this.ports.toLand({ olderThanMs: GRACE_MS, limit: PAGE, afterSeq });
      for (const command of page) {
        const asked = await this.#land(command, next).catch(this.#later);
        if (!asked) continue;
        if (asked.waitsFor !== null) next.set(asked.lineage, asked.waitsFor);
        else if (asked.hasLanded) isToRepeat = next.delete(asked.lineage) || isToRepeat;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return isToRepeat;
      afterSeq = last.seq;
    }
  }

  #later = (thrown: unknown): void =>
    this.ports.log.warn({ err: toError(thrown) }, 'version not landed, a later round will try again');

  /** Null where nothing was asked, or refused: `next` has the lineages for which only one run need ask. */
  async #land({ commandId, runId, message }: CommandRow, next?: ReadonlyMap<string, string>): Promise<Asked | null> {
    const { state, submittedBy: actor, ...request } = LandRequest.parse(message);
    const tell = async (order: RunOrder): Promise<null> => {
      await this.ports.handle({ runId, order, actor: HUB, causationId: commandId });
      return null;
    };
    const args = LandArguments.safeParse(request.arguments);
    if (!args.success) return tell(refusal(commandId, `The arguments do not fit: ${z.prettifyError(args.error)}`));
    const { lineage } = args.data;
    if ((next?.get(lineage) ?? runId) !== runId) return null;
    const landed = await this.ports.land({ commandId, state, actor, ...args.data });
    if (typeof landed === 'string') {
      const cause = causeOf(landed, args.data);
      return cause === null ? null : tell(refusal(commandId, cause));
    }
    if ('waitsFor' in landed) return { lineage, hasLanded: false, waitsFor: landed.waitsFor };
    await tell({ type: 'CompleteTask', commandId, output: { landed: landed.landed, head: { ...landed.head } } });
    return { lineage, hasLanded: landed.landed, waitsFor: null };
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
