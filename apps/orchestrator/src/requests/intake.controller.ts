import type { Catalog } from '@baton/catalog';
import { INTAKE_QUEUE, intakeMessages, type RequestId, type RunId, TerminalError } from '@baton/contracts';
import { type Delivery, message } from '@baton/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Pool } from 'pg';
import type { Hub } from '../hub/hub.js';
import { CATALOG, HUB, POOL, SIGNED_ONLY } from '../tokens.js';
import { isUnknownRun } from './explain-refusal.js';
import { lookUpIn } from './look-up.js';
import { isRunToBegin, takeRequest } from './take-request.js';

/** A request may overtake the submission of its run; after this many looks the run is taken for unknown. */
const LOOKS = 5;

const REQUESTS = Object.keys(intakeMessages).map((name) => message(INTAKE_QUEUE, name));

@Controller()
export class IntakeController {
  readonly #lookUp: ReturnType<typeof lookUpIn>;

  constructor(
    @Inject(HUB) private readonly hub: Hub,
    @Inject(CATALOG) private readonly catalog: Catalog,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(SIGNED_ONLY) private readonly isSignedOnly: boolean,
  ) {
    this.#lookUp = lookUpIn(pool);
  }

  @EventPattern(REQUESTS)
  async take(@Payload() request: Request, @Ctx() delivery: Delivery): Promise<void> {
    const { pool, catalog, hub, isSignedOnly } = this;
    const { accepted, change } = await this.#lookUp(request.requestId);
    try {
      await takeRequest(
        { name: delivery.name, message: request, accepted, isSuspect: delivery.stalls > 0 },
        {
          pool,
          catalog: catalog.asOf(change),
          sealer: hub.sealer,
          isSignedOnly,
          handle: (asked) => hub.handle(asked),
          suspects: hub.suspects,
        },
      );
    } catch (thrown) {
      if (!isUnknownRun(thrown)) throw thrown;
      // The inbox holds both, and takes them in their order.
      if (accepted !== null && (await isRunToBegin(pool, request.runId))) return;
      throw delivery.attempt < LOOKS ? thrown : new TerminalError(thrown.message, { code: thrown.code });
    }
  }
}

interface Request {
  readonly requestId: RequestId;
  /** The run it is about; absent where a submission leaves its choice to the hub. */
  readonly runId?: RunId;
}
