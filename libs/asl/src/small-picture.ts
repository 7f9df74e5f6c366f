/**
 * Whether a picture of a date or a number is short and asks for nothing wide. It is read from end to end, and a width in it is
 * a number of characters; blanks within it count for nothing.
 */
export function isSmallPicture(picture: unknown): boolean {
  if (typeof picture !== 'string') return !Array.isArray(picture);
  return picture.length <= 64 && !/,[^\]]*\d{3}/.test(picture.replace(/\s+/g, ''));
}
