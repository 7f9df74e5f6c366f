import { z } from 'zod';
import { PARAMETERS } from './parameters.js';

/*
 * A cursor says where a page ended. What stands in it is nobody's business, so it is not written as what it is: nobody counts
 * with it, and one of another list is refused. It keeps nothing secret, and whoever makes one up sees what they may see anyway.
 */

/** Where a list is gone on with. */
export type Place = number | string;

/** @param list any name: cursors of other lists are none of this one */
export const cursorOf = (list: string, place: Place): string => Buffer.from(`${list}:${place}`).toString('base64url');

/** The same where a page may be the last one. */
export const nextOf = (list: string, place: Place | null): string | null =>
  place === null ? null : cursorOf(list, place);

/** The parameter `cursor` of a list. @param place reads what `cursorOf` was given @param longest in characters */
export const cursorOfList = <T>(list: string, place: z.ZodType<T, string>, longest = 500) =>
  z
    .string()
    .max(longest)
    .transform((text, context) => {
      const read = placeIn(list, text);
      const parsed = read === null ? null : place.safeParse(read);
      if (parsed?.success === true) return parsed.data;
      context.issues.push({ code: 'custom', input: text, message: 'must be the cursor of a page before' });
      return z.NEVER;
    })
    .register(PARAMETERS, { type: 'string', description: 'As `next` of the page before has it.' })
    .optional();

function placeIn(list: string, text: string): string | null {
  const read = Buffer.from(text, 'base64url').toString();
  const place = read.slice(list.length + 1);
  return cursorOf(list, place) === text ? place : null;
}

/** Of a list that goes by numbers. @param digits at most */
export const numberCursor = (list: string, digits = 15) =>
  cursorOfList(
    list,
    z
      .string()
      .regex(new RegExp(`^\\d{1,${digits}}$`))
      .transform(Number),
  );
