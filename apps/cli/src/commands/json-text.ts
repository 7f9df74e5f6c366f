import { BatonError, parseJson } from '@baton/contracts';
import { UsageError } from '../exit-codes.js';

/**
 * The value of a JSON text, of which every number stays what it is.
 *
 * @param what how the text is called in the sentence about it
 * @throws SyntaxError where it is no JSON; UsageError where a number of it cannot be kept
 */
export function valueOfJson(text: string, what: string): unknown {
  try {
    return parseJson(text, what);
  } catch (thrown) {
    if (thrown instanceof BatonError) throw new UsageError(thrown.message, thrown.next ?? '', thrown);
    throw thrown;
  }
}
