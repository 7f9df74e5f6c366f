import type { Catalog } from '@baton/catalog';
import {
  INTAKE_QUEUE,
  intakeMessages,
  ONLY_SHARD,
  type RequestId,
  type RunId,
  requestJobId,
  type Shard,
  TerminalError,
} from '@baton/contracts';
import type { Delivery } from '@baton/messaging';
import { message } from '@baton/queue-service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Pool } from 'pg';
import type { Hub } from '../hub/hub.js';
import type { PlaceLine } from '../places/place-line.js';
import { CATALOG, HUB, LINE, POOL, SHARD, SIGNED_ONLY } from '../tokens.js';
import { isUnknownRun } from './explain-refusal.js';
import { lookUpIn } from './look-up.js';
import { isRunToBegin, type TakingPorts, takeRequest } from './take-request.js';

/** A request may overtake the submission of its run; after this many looks the run is taken for unknown. */
const LOOKS = 5;

const REQUESTS = Object.keys(intakeMessages).map((name) => message(INTAKE_QUEUE, name));

@Controller()
export class IntakeController {
  readonly #lookUp: ReturnType<typeof lookUpIn>;
  /** The last change of the workflows that this process saw. */
  #change: number | null = null;

  constructor(
    @Inject(HUB) private readonly hub: Hub,
    @Inject(CATALOG) private readonly catalog: Catalog,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(SIGNED_ONLY) private readonly isSignedOnly: boolean,
    @Inject(LINE) private readonly line: Pick<PlaceLine, 'hasCaps' | 'wait'>,
    @Inject(SHARD) private readonly shard: Shard = ONLY_SHARD,
  ) {
    this.#lookUp = lookUpIn(pool);
  }

  @EventPattern(REQUESTS)
  async take(@Payload() request: Request, @Ctx() delivery: Delivery): Promise<void> {
    if (await this.#takeUnseen(request, delivery)) return;
    const { pool } = this;
    const { accepted, change } = await this.#lookUp(request.requestId);
    this.#change = change;
    try {
      await takeRequest(
        { name: delivery.name, message: request, accepted, isSuspect: delivery.stalls > 0 },
        this.#portsAsOf(change),
      );
    } catch (thrown) {
      if (!isUnknownRun(thrown)) throw thrown;
      // The inbox holds both, and takes them in their order.
      if (accepted !== null && (await isRunToBegin(pool, request.runId))) return;
      throw delivery.attempt < LOOKS ? thrown : new TerminalError(thrown.message, { code: thrown.code });
    }
  }

  /**
   * A submission of a producer that writes to the queue itself is read without a look at what the gateway accepted, and by the
   * workflows as they were last seen; whether that holds is asked where it is written, which saves a query. All that is not
   * simply done is left to whoever looks first.
   *
   * @returns whether it is done
   */
  async #takeUnseen(message: Request, { name, jobId, attempt, stalls }: Delivery): Promise<boolean> {
    const change = this.#change;
    // The gateway gives its jobs ids that nobody can know.
    const isOfProducer = name === 'submit' && jobId === requestJobId(message.requestId);
    if (change === null || !isOfProducer || attempt > 1 || stalls > 0 || this.line.hasCaps) return false;
    const request = { name, message, accepted: null, isSuspect: false, unseenAsOf: change };
    return takeRequest(request, this.#portsAsOf(change)).then(
      (outcome) => outcome !== 'ignored',
      () => false,
    );
  }

  #portsAsOf(change: number): TakingPorts {
    const { pool, catalog, hub, shard, isSignedOnly, line } = this;
    return {
      pool,
      shard,
      line,
      catalog: catalog.asOf(change),
      sealer: hub.sealer,
      isSignedOnly,
      handle: (asked) => hub.handle(asked),
      suspects: hub.suspects,
    };
  }
}

interface Request {
  readonly requestId: RequestId;
  /** The run it is about; absent where a submission leaves its choice to the hub. */
  readonly runId?: RunId | undefined;
}
