import {
  type Actor,
  type CancelRun,
  INTAKE_QUEUE,
  RetryableError,
  type SubmitRun,
  TerminalError,
} from '@baton/contracts';
import { acceptedRequest, findRequest, readStream } from '@baton/event-store';
import { type Delivery, message } from '@baton/messaging';
import type { Catalog } from '@baton/read-model';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Pool } from 'pg';
import type { Hub } from './hub/hub.js';
import { actorOf, cancellation, refusal, submission } from './intake.js';
import { CATALOG, HUB, POOL } from './tokens.js';

/** A cancellation may overtake its submission; after this many looks the run is taken for unknown. */
const LOOKS = 5;
const LOOK_AGAIN_MS = 1_000;

@Controller()
export class IntakeController {
  constructor(
    @Inject(HUB) private readonly hub: Hub,
    @Inject(CATALOG) private readonly catalog: Catalog,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  @EventPattern(message(INTAKE_QUEUE, 'submit'))
  async submit(@Payload() submit: SubmitRun): Promise<void> {
    const start = await submission(submit, this.catalog, await this.#actorOf(submit));
    if ((await this.hub.handle(start)) !== 'ignored') return;
    const refused = refusal(start.runId, (await findRequest(this.pool, submit.requestId)) !== null);
    if (refused !== null) throw refused;
  }

  @EventPattern(message(INTAKE_QUEUE, 'cancel'))
  async cancel(@Payload() cancel: CancelRun, @Ctx() delivery: Delivery): Promise<void> {
    if ((await this.hub.handle(cancellation(cancel, await this.#actorOf(cancel)))) !== 'ignored') return;
    const [began] = await readStream(this.pool, cancel.runId, { limit: 1 });
    if (began !== undefined) return;
    const unknown = `There is no run ${cancel.runId}.`;
    if (delivery.attempt >= LOOKS) throw new TerminalError(unknown, { code: 'unknown-run' });
    throw new RetryableError(unknown, { code: 'unknown-run', retryAfterMs: LOOK_AGAIN_MS });
  }
  async #actorOf(request: SubmitRun | CancelRun): Promise<Actor> {
    return actorOf(request, await acceptedRequest(this.pool, request.requestId));
  }
}
