import { BatonError } from '@baton/contracts';
import { modelAborted } from './errors.js';
import type { CallModel } from './model.js';

/*
 * How many calls of a model a process has under way at once, by what its server bears. There is no bound until the server says that it is
 * too much; then half of what was under way is, and each answer lets a little more in, one call more for a room full of answers. When there
 * is room again for what there was before the first refusal, the bound is gone. So a process finds by itself what a limit
 * leaves it that nobody told it of (ADR 66 has those that were), also where others share it.
 */

const TOO_MUCH: ReadonlySet<string> = new Set(['model-rate-limited', 'model-overloaded']);

/** Of one model. */
interface Room {
  /** How many calls may be under way; infinite where nothing was refused. */
  size: number;
  /** With so much the bound is gone. */
  full: number;
  underWay: number;
  /** Counts refusals that had an effect: what had begun before one says nothing more. */
  cuts: number;
  readonly waiting: (() => void)[];
}

/** Calls with as many at once, for each model, as its server bears. Those that find no room wait for it, in order. */
export function withAdaptedRoom(call: CallModel): CallModel {
  const rooms = new Map<string, Room>();
  return async (request, signal) => {
    const room = rooms.get(request.model) ?? newRoom();
    rooms.set(request.model, room);
    await enter(room, signal);
    const { cuts } = room;
    try {
      const response = await call(request, signal);
      grow(room);
      return response;
    } catch (thrown) {
      if (thrown instanceof BatonError && TOO_MUCH.has(thrown.code) && cuts === room.cuts) shrink(room);
      throw thrown;
    } finally {
      room.underWay -= 1;
      letIn(room);
    }
  };
}

const newRoom = (): Room => ({ size: Number.POSITIVE_INFINITY, full: 0, underWay: 0, cuts: 0, waiting: [] });

async function enter(room: Room, signal: AbortSignal): Promise<void> {
  if (room.underWay < Math.floor(room.size) && room.waiting.length === 0) {
    room.underWay += 1;
    return;
  }
  if (signal.aborted) throw modelAborted(signal.reason);
  await new Promise<void>((resolve, reject) => {
    const leave = (): void => {
      room.waiting.splice(room.waiting.indexOf(come), 1);
      reject(modelAborted(signal.reason));
    };
    const come = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    signal.addEventListener('abort', leave, { once: true });
    room.waiting.push(come);
  });
}

/** Whoever is let in counts from then on, and not from when it goes on. */
function letIn(room: Room): void {
  while (room.underWay < Math.floor(room.size)) {
    const next = room.waiting.shift();
    if (next === undefined) return;
    room.underWay += 1;
    next();
  }
}

function shrink(room: Room): void {
  room.full = Math.max(room.full, room.underWay);
  room.size = Math.max(1, Math.floor(Math.min(room.size, room.underWay) / 2));
  room.cuts += 1;
}

function grow(room: Room): void {
  if (room.full === 0) return;
  room.size += 1 / room.size;
  if (room.size < room.full) return;
  room.size = Number.POSITIVE_INFINITY;
  room.full = 0;
}
