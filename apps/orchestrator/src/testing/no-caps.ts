import type { PlaceLine } from '../places/place-line.js';

/** The line of a Baton without caps: nobody stands in it. */
export const NO_CAPS: Pick<PlaceLine, 'hasCaps' | 'wait'> = {
  hasCaps: false,
  wait: () => Promise.reject(new Error('nobody stands in line where there are no caps')),
};
