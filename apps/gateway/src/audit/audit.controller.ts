import { Readable } from 'node:stream';
import {
  type CheckpointView,
  type EventProof,
  toError,
  type Verification,
  type VerificationLine,
  type VerificationProgress,
} from '@baton/contracts';
import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { parseParameters } from '../http/parse.js';
import { CheckpointQuery, ProveQuery, VerifyQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRunId } from '../runs/find-run.js';
import { exportBundle } from './export-bundle.js';
import { checkpointView, proveEvent } from './prove.js';
import { verifyOneRun, verifyWhole } from './verify-log.js';

const LINES = 'application/x-ndjson';
/** How often whoever waits hears how far it is: often enough for what cuts off connections on which nothing happens. */
const TELL_EVERY_MS = 1_000;

@Controller('v1/audit')
export class AuditController {
  #running: Promise<Verification> | null = null;
  #progress: VerificationProgress = { phase: 'checkpoints', done: 0, of: 0 };

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /**
   * Reads everything: callers that come while one verification runs get its answer. With `run`, its id or the beginning of
   * it, that run alone. Who accepts lines of JSON hears how far it has come.
   */
  @Get('verify')
  async verify(
    @Query() query: unknown,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { run } = parseParameters(VerifyQuery, query);
    const verified =
      run === undefined ? this.#whole() : verifyOneRun(this.parts.audit, await requireRunId(this.parts, run));
    if (accept?.includes(LINES) !== true) return void (await reply.send(await verified));
    await reply.type(LINES).send(Readable.from(this.#tell(verified)));
  }

  /** The newest published checkpoint, and whether the log goes on being signed. */
  @Get('checkpoint')
  checkpoint(@Query() query: unknown): Promise<CheckpointView> {
    return checkpointView(this.parts, parseParameters(CheckpointQuery, query).from);
  }

  /** That an event of a run is in the signed log, for whoever has the public key. */
  @Get('prove')
  async prove(@Query() query: unknown): Promise<EventProof> {
    const { run, event, from } = parseParameters(ProveQuery, query);
    return proveEvent(this.parts, await requireRunId(this.parts, run), event, from);
  }

  /** A bundle, as lines of JSON, that can be checked without Baton. */
  @Get('export')
  async export(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const { run } = parseParameters(VerifyQuery, query);
    const lines = await exportBundle(this.parts, run === undefined ? null : await requireRunId(this.parts, run));
    await reply.type(LINES).send(Readable.from(lines));
  }

  #whole(): Promise<Verification> {
    this.#running ??= verifyWhole({ ...this.parts.audit, archives: this.parts.archives.folder }, (progress) => {
      this.#progress = progress;
    }).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async *#tell(verified: Promise<Verification>): AsyncGenerator<string> {
    const outcome = verified.then(
      (verification): VerificationLine => ({ verification }),
      (thrown): VerificationLine => ({ failed: toError(thrown).message }),
    );
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const tick = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), TELL_EVERY_MS);
      });
      const line = await Promise.race([outcome, tick]).finally(() => clearTimeout(timer));
      yield `${JSON.stringify(line ?? { progress: this.#progress })}\n`;
      if (line !== null) return;
    }
  }
}
