import { type Catalog, publishComposed } from '@baton/catalog';
import {
  Actor,
  assertNever,
  BatonErrorName,
  BlobRef,
  Json,
  type JsonObject,
  PublishArguments,
  toError,
} from '@baton/contracts';
import { type CommandRow, documentsToPublish, getBlob } from '@baton/event-store';
import { whyNotComposed } from '@baton/goals';
import type { Logger } from '@baton/service-kit';
import type { RunOrder } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { HubMessage, HubOutcome } from '../message.js';
import { Repeat } from '../repeat.js';
import type { CommandScope } from './lineages.js';

/*
 * Publications. A command named `publish` asks that a document which was composed for a goal become a workflow. The document is
 * checked here once more, whoever checked it before, and is published under the name that follows from what it says; then the
 * run is told. What a crash in between leaves undone a round finds: the command is still open, and to publish the same again
 * changes nothing and gives the same answer.
 */

const ROUND_EVERY_MS = 1_000;
/** What was committed a moment ago is on its way. */
const GRACE_MS = 2_000;
const PAGE = 200;

const HUB: Actor = { type: 'system', id: 'orchestrator' };

const PublishRequest = z.object({
  state: z.string(),
  arguments: Json.optional(),
  blobRef: BlobRef.optional(),
  submittedBy: Actor,
});

type Publish = (
  workflow: Parameters<typeof publishComposed>[2],
  by: Actor,
) => Promise<Awaited<ReturnType<typeof publishComposed>>>;

interface PublicationsPorts {
  readonly toPublish: (page: {
    readonly olderThanMs: number;
    readonly limit: number;
    readonly afterSeq: number;
  }) => Promise<readonly CommandRow[]>;
  readonly checks: Pick<Catalog['checks'], 'document'>;
  readonly publish: Publish;
  readonly getBlob: (ref: BlobRef) => Promise<string>;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  readonly log: Logger;
}

/** Those of a hub, whose database has what is to be published and where that goes. */
export const publicationsIn = (
  pool: Pool,
  catalog: Pick<Catalog, 'find' | 'newestVersion' | 'checks'>,
  { scope, ...ports }: Pick<PublicationsPorts, 'handle' | 'log'> & { readonly scope: CommandScope },
): Publications =>
  new Publications({
    ...ports,
    toPublish: (page) => documentsToPublish(pool, { ...page, ...scope() }),
    checks: catalog.checks,
    publish: (workflow, by) => publishComposed(pool, catalog, workflow, by),
    getBlob: (ref) => getBlob(pool, ref),
  });

export class Publications {
  constructor(private readonly ports: PublicationsPorts) {}

  watch(): Repeat {
    return new Repeat('publications', ROUND_EVERY_MS, () => this.round(), this.ports.log).start();
  }

  /** Does at once what a commit asks for. What fails is left to the next round. */
  onCommitted(commands: readonly CommandRow[]): void {
    for (const command of commands) {
      if (command.name === 'publish' && command.queue === null) void this.#publish(command).catch(this.#later);
    }
  }

  async round(): Promise<void> {
    for (let afterSeq = 0; ; ) {
      const page = await this.ports.toPublish({ olderThanMs: GRACE_MS, limit: PAGE, afterSeq });
      for (const command of page) await this.#publish(command).catch(this.#later);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      afterSeq = last.seq;
    }
  }

  #later = (thrown: unknown): void =>
    this.ports.log.warn({ err: toError(thrown) }, 'document not published, a later round will try again');

  async #publish({ commandId, runId, message }: CommandRow): Promise<void> {
    const { submittedBy, ...request } = PublishRequest.parse(message);
    const given =
      request.blobRef === undefined ? request.arguments : JSON.parse(await this.ports.getBlob(request.blobRef));
    const args = PublishArguments.safeParse(given);
    const done = args.success
      ? await this.#outcomeOf(args.data.document, submittedBy)
      : `The arguments do not fit: ${z.prettifyError(args.error)}`;
    const order: RunOrder =
      typeof done === 'string'
        ? { type: 'FailTask', commandId, error: BatonErrorName.invalidInput, cause: done, retryable: false }
        : { type: 'CompleteTask', commandId, output: done };
    await this.ports.handle({ runId, order, actor: HUB, causationId: commandId });
  }

  /** What the run is told, or why nothing was published. */
  async #outcomeOf(document: JsonObject, by: Actor): Promise<JsonObject | string> {
    const unfit = whyNotComposed(document);
    if (unfit !== null) return `The document is not published: ${unfit}.`;
    const checked = await this.ports.checks.document(document);
    if (!checked.ok) {
      const list = checked.findings.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
      return `The document is not published: ${list}.`;
    }
    const { name, version } = checked.document;
    const ref = `${name}@${version}`;
    const publication = await this.ports.publish(checked, by);
    switch (publication.status) {
      case 'published':
      case 'unchanged':
        return { ref, name, version, sha256: checked.sha256 };
      case 'withdrawn':
        return `The workflow ${ref} was withdrawn at ${publication.withdrawnAt}: compose another one.`;
      case 'taken':
      case 'lower':
        return `The workflow ${ref} exists with other content.`;
      default:
        return assertNever(publication);
    }
  }
}
