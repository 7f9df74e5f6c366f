import { toError } from '@baton/contracts';
import {
  gathering,
  type InLine,
  type LetIn,
  leaveLine,
  lineState,
  lineUp,
  putBack,
  type RunToWait,
  readLine,
  takeUp,
} from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import { Repeat } from '../hub/repeat.js';
import { letIn } from './let-in.js';

/*
 * Where there are caps, every run that is asked for from outside stands in line before it begins, in a table. Whoever puts one
 * there, and whoever ends one, looks at once who may be next; a round of one hub looks each second, for those whom a kill left
 * behind and for caps that changed. Two hubs may choose the same ones, or one too many: the append that begins a run counts what is
 * under way, and refuses. So nothing rests on what a process remembers.
 */

const LOOK_EVERY_MS = 1_000;
const PER_LINE = 50;
/** As many as a batch of the hub has. */
const MOST_IN_HAND = 200;

/** What came of one that was let in. `again`: it could not be decided now. */
export type OfLetIn = 'done' | 'no-place' | 'again';

export interface PlaceLinePorts {
  readonly pool: Pool;
  readonly take: (request: LetIn) => Promise<OfLetIn>;
  /** Whether it is this hub, of all that live, that looks without a reason. */
  readonly isFirst: () => boolean;
  readonly log: Logger;
  readonly everyMs?: number;
}

export class PlaceLine {
  readonly #inHand = new Map<string, InLine>();
  readonly #lineUp: (run: RunToWait) => Promise<void>;
  readonly #takings = new Set<Promise<void>>();
  #repeat: Repeat | null = null;
  #hasCaps = false;
  #isRung = false;
  #looking: Promise<void> | null = null;
  #isStopped = false;

  private constructor(private readonly ports: PlaceLinePorts) {
    this.#lineUp = gathering<RunToWait, void>(async (runs) => {
      await lineUp(ports.pool, runs);
      return () => undefined;
    });
  }

  static async open(ports: PlaceLinePorts): Promise<PlaceLine> {
    const line = new PlaceLine(ports);
    await line.#refresh();
    line.#repeat = new Repeat('places', ports.everyMs ?? LOOK_EVERY_MS, () => line.#round(), ports.log).start();
    return line;
  }

  /** Whether runs have to stand in line. It may have changed a moment ago: then an append says so. */
  get hasCaps(): boolean {
    return this.#hasCaps;
  }

  /** Puts a run into the line; it is durable there when this resolves. */
  async wait(run: RunToWait): Promise<void> {
    this.#hasCaps = true;
    await this.#lineUp(run);
    this.ring();
  }

  /** Somebody came, or a place may be free. */
  ring(): void {
    if (!this.#hasCaps || this.#isStopped) return;
    this.#isRung = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#repeat?.stop();
    await this.#looking;
    await Promise.all(this.#takings);
  }

  async #look(): Promise<void> {
    // Those of one moment together.
    await new Promise(setImmediate);
    while (this.#isRung && !this.#isStopped) {
      this.#isRung = false;
      try {
        await this.#letNextIn();
      } catch (thrown) {
        this.ports.log.warn({ err: toError(thrown) }, 'nobody let in, a later round will try again');
      }
    }
  }

  async #letNextIn(): Promise<void> {
    const { pool } = this.ports;
    const room = MOST_IN_HAND - this.#inHand.size;
    // One of them comes back, and rings.
    if (room <= 0) return;
    const inHand = [...this.#inHand.values()];
    const view = await readLine(pool, {
      perLine: PER_LINE,
      without: [...this.#inHand.keys()],
      keys: inHand.flatMap(({ caps }) => [...caps.keys()]),
    });
    const next = letIn(view, inHand, room);
    if (next.length === 0) return;
    const byId = new Map(next.map((one) => [one.requestId, one]));
    for (const request of await takeUp(pool, [...byId.keys()])) {
      const one = byId.get(request.requestId);
      if (one === undefined) continue;
      this.#inHand.set(request.requestId, one);
      const taking: Promise<void> = this.#take(request).finally(() => this.#takings.delete(taking));
      this.#takings.add(taking);
    }
    // There may be more than one look shows of a line.
    this.#isRung = true;
  }

  async #take(request: LetIn): Promise<void> {
    const { pool, take, log } = this.ports;
    const { requestId } = request;
    let came: OfLetIn = 'again';
    try {
      came = await take(request);
      await (came === 'done' ? leaveLine(pool, [requestId]) : putBack(pool, requestId));
    } catch (thrown) {
      log.warn({ requestId, err: toError(thrown) }, 'waiting run not let in, a later round will try again');
    }
    this.#inHand.delete(requestId);
    // What could not be decided now is left to the next round, or it would be tried without end.
    if (came === 'done') this.ring();
  }

  async #round(): Promise<void> {
    const isAnyWaiting = await this.#refresh();
    if (!isAnyWaiting || !this.ports.isFirst()) return;
    await leaveLine(this.ports.pool);
    this.ring();
  }

  async #refresh(): Promise<boolean> {
    const { hasCaps, isAnyWaiting } = await lineState(this.ports.pool);
    // Caps may be gone while some still wait: they are let in like all.
    this.#hasCaps = hasCaps || isAnyWaiting;
    return isAnyWaiting;
  }
}
