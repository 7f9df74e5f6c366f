import { RUNGS } from '@baton/contracts';

const ONE_LOOK_OF = 8;

/**
 * On which rung of each urgency a look for messages begins; after the last one it goes on with the first. Mostly in front. Each eighth look
 * begins further back, on each of the higher rungs in turn: what stands there comes also where those in front never end.
 */
export const firstRungOf = (look: number): number =>
  look % ONE_LOOK_OF === ONE_LOOK_OF - 1 ? 1 + (Math.floor(look / ONE_LOOK_OF) % (RUNGS - 1)) : 0;
