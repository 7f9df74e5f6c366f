import { base64 } from '@scure/base';
import jsonata from '#jsonata';
import { charge, evaluationOf, expressionError } from './guard.js';
import { fromBase64, NO_BYTES, NO_TEXT, textOfUtf8, toUtf8 } from './utf8.js';

/*
 * The functions of JSONata that do not take text for what it is. Its Base64 is that of Latin-1, and changes every other
 * character; its split by nothing cuts a character beyond U+FFFF into two halves that no bytes stand for.
 */

type Focus = jsonata.Focus;
type Implementation = Parameters<jsonata.Expression['registerFunction']>[1];

/** The bytes of a text in UTF-8. Throws, in the shape of JSONata's own errors, where it has none. */
export function bytesOf(text: string, name: string): Uint8Array {
  const bytes = toUtf8(text);
  if (bytes === null) throw expressionError('B2008', `${name} cannot take it: ${NO_BYTES}`);
  return bytes;
}

function base64encode(this: Focus, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  charge(evaluationOf(this.environment), Math.ceil(text.length / 16));
  return base64.encode(bytesOf(text, '$base64encode'));
}

/** Takes the alphabet of URLs and white space, too, as the original does. Bytes that are no text are an error. */
function base64decode(this: Focus, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  charge(evaluationOf(this.environment), Math.ceil(text.length / 16));
  const bytes = fromBase64(text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/'));
  if (bytes === null) throw expressionError('B2009', '$base64decode was given a text that is no Base64');
  const decoded = textOfUtf8(bytes);
  if (decoded === null) throw expressionError('B2010', `$base64decode cannot give it: ${NO_TEXT}`);
  return decoded;
}

const splitByMatches = jsonata('$split($text, $separator, $limit)');

function split(this: Focus, text: string | undefined, separator: unknown, limit: number | undefined): unknown {
  if (text === undefined) return undefined;
  charge(evaluationOf(this.environment), Math.ceil(text.length / 16));
  if (separator !== '' || (limit !== undefined && limit < 0)) {
    return splitByMatches.evaluate(undefined, { text, separator, limit });
  }
  const characters = [...text];
  return limit === undefined ? characters : characters.slice(0, limit);
}

export const TEXT_FUNCTIONS: readonly (readonly [name: string, implementation: Implementation, signature: string])[] = [
  ['base64encode', base64encode, '<s-:s>'],
  ['base64decode', base64decode, '<s-:s>'],
  ['split', split, '<s-(sf)n?:a<s>>'],
];
