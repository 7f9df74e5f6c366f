import { ProblemError } from '../http/problem.js';

/** Of the body of a delivery to a hook. What starts a run is a notice; larger things are fetched by the run. */
export const MOST_OF_DELIVERY_BYTES = 256 * 1024;

export const deliveryTooLarge = (): ProblemError =>
  new ProblemError(`The body has more than ${MOST_OF_DELIVERY_BYTES} bytes.`, {
    status: 413,
    code: 'body-too-large',
    next: 'Send less: put large material where the run can read it.',
  });
