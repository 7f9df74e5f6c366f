/** What stands between commas in a field of a form, without what is empty. */
export const wordsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '')
    : [];
