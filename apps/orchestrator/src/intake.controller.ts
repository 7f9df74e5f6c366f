import type { Catalog } from '@baton/catalog';
import { INTAKE_QUEUE, intakeMessages, type RequestId, type RunId, TerminalError } from '@baton/contracts';
import { acceptedRequest, findRequest, isRunAccepted } from '@baton/event-store';
import { type Delivery, message } from '@baton/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Pool } from 'pg';
import { explainRefusal, isUnknownRun } from './explain-refusal.js';
import type { Hub } from './hub/hub.js';
import type { HubMessage } from './hub/message.js';
import { refusal } from './intake.js';
import { readRequest } from './requests.js';
import { CATALOG, HUB, POOL } from './tokens.js';

/** A request may overtake the submission of its run; after this many looks the run is taken for unknown. */
const LOOKS = 5;

const REQUESTS = Object.keys(intakeMessages).map((name) => message(INTAKE_QUEUE, name));

@Controller()
export class IntakeController {
  constructor(
    @Inject(HUB) private readonly hub: Hub,
    @Inject(CATALOG) private readonly catalog: Catalog,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  @EventPattern(REQUESTS)
  async take(@Payload() request: Request, @Ctx() delivery: Delivery): Promise<void> {
    const { pool, catalog } = this;
    const accepted = await acceptedRequest(pool, request.requestId);
    try {
      const asked = await readRequest(delivery.name, request, accepted, { pool, catalog });
      if ((await this.hub.handle(asked)) === 'ignored') await this.#explain(asked);
    } catch (thrown) {
      if (!isUnknownRun(thrown)) throw thrown;
      // The inbox holds both, and takes them in their order.
      if (accepted !== null && request.runId !== undefined && (await isRunAccepted(pool, request.runId))) return;
      throw delivery.attempt < LOOKS ? thrown : new TerminalError(thrown.message, { code: thrown.code });
    }
  }

  /** Nothing happened: it was done before, or there is nothing to do it to. */
  async #explain(asked: HubMessage): Promise<void> {
    const { runId, command, requestId = '' } = asked;
    if (command.type === 'StartRun' || command.type === 'ForkRun') {
      const refused = refusal(runId, (await findRequest(this.pool, requestId)) !== null);
      if (refused !== null) throw refused;
      return;
    }
    const refused = await explainRefusal(this.pool, asked);
    if (refused !== null) throw refused;
  }
}

interface Request {
  readonly requestId: RequestId;
  /** The run it is about; absent where a submission leaves its choice to the hub. */
  readonly runId?: RunId;
}
