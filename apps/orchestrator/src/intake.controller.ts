import {
  INTAKE_QUEUE,
  intakeMessages,
  type RequestId,
  RetryableError,
  type RunId,
  TerminalError,
} from '@baton/contracts';
import { acceptedRequest, findRequest, readStream } from '@baton/event-store';
import { type Delivery, message } from '@baton/messaging';
import type { Catalog } from '@baton/read-model';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Pool } from 'pg';
import { refusedAnswer } from './explain-answer.js';
import type { Hub } from './hub/hub.js';
import type { HubMessage } from './hub/message.js';
import { refusal } from './intake.js';
import { readRequest } from './requests.js';
import { CATALOG, HUB, POOL } from './tokens.js';

/** A request may overtake the submission of its run; after this many looks the run is taken for unknown. */
const LOOKS = 5;
const LOOK_AGAIN_MS = 1_000;

const REQUESTS = Object.keys(intakeMessages).map((name) => message(INTAKE_QUEUE, name));

@Controller()
export class IntakeController {
  constructor(
    @Inject(HUB) private readonly hub: Hub,
    @Inject(CATALOG) private readonly catalog: Catalog,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  @EventPattern(REQUESTS)
  async take(@Payload() request: { readonly requestId: RequestId }, @Ctx() delivery: Delivery): Promise<void> {
    const { pool, catalog } = this;
    const accepted = await acceptedRequest(pool, request.requestId);
    const asked = await readRequest(delivery.name, request, accepted, { pool, catalog }).catch((thrown: unknown) =>
      unlessUnknownForLong(thrown, delivery),
    );
    if ((await this.hub.handle(asked)) === 'ignored') await this.#explain(asked, delivery);
  }

  /** Nothing happened: it was done before, or there is nothing to do it to. */
  async #explain(asked: HubMessage, delivery: Delivery): Promise<void> {
    const { runId, command, requestId = '' } = asked;
    if (command.type === 'StartRun' || command.type === 'ForkRun') {
      const refused = refusal(runId, (await findRequest(this.pool, requestId)) !== null);
      if (refused !== null) throw refused;
      return;
    }
    const refused = await refusedAnswer(this.pool, asked);
    if (refused !== null) unlessUnknownForLong(refused, delivery);
    const [began] = await readStream(this.pool, runId, { limit: 1 });
    if (began === undefined) unlessUnknownForLong(unknownRun(runId), delivery);
  }
}

const unknownRun = (runId: RunId): RetryableError =>
  new RetryableError(`There is no run ${runId}.`, { code: 'unknown-run', retryAfterMs: LOOK_AGAIN_MS });

function unlessUnknownForLong(thrown: unknown, { attempt }: Delivery): never {
  if (thrown instanceof RetryableError && thrown.code === 'unknown-run' && attempt >= LOOKS) {
    throw new TerminalError(thrown.message, { code: 'unknown-run' });
  }
  throw thrown;
}
