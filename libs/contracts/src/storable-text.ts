/**
 * Text as Postgres can hold it. A `text` column takes neither NUL nor half a surrogate pair, and ids come from outside:
 * one such id must not keep the batch it arrived in from being written. Both become U+FFFD, wherever the id is used.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');
