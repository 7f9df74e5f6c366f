import type { ArgumentRule } from './check.js';

const MOST = 20;
const LONGEST = 500;
/** Names of files and of tests, with what stands in them: nothing that begins as an option does. */
const PLAIN = /^(?!-)[\p{L}\p{N} _./:@[\],#()'=+~-]+$/u;

/**
 * Whether a check takes these words. Each comes to its command as one word, whatever is in it; no shell reads them.
 *
 * @returns a sentence where it does not
 */
export function argumentProblem(rule: ArgumentRule | null, words: readonly string[]): string | null {
  if (words.length === 0) return null;
  if (rule === null) return 'This check takes no arguments.';
  if (words.length > MOST) return `A check takes ${MOST} arguments at most.`;
  const odd = words.find((word) => word === '' || word.length > LONGEST || /\p{Cc}/u.test(word));
  if (odd !== undefined) return `An argument has 1 to ${LONGEST} characters, and no control characters.`;
  const other = words.find((word) => !fits(rule, word));
  if (other === undefined) return null;
  return `This check does not take ${JSON.stringify(other)}: ${wordsOf(rule)}.`;
}

export const wordsOf = (rule: ArgumentRule): string =>
  rule === 'plain'
    ? 'it takes names of files and of tests, and no options'
    : `it takes ${rule.map((pattern) => JSON.stringify(pattern)).join(', ')}${rule.some((pattern) => pattern.includes('*')) ? ', where * stands for anything' : ''}`;

const fits = (rule: ArgumentRule, word: string): boolean =>
  rule === 'plain' ? PLAIN.test(word) : rule.some((pattern) => isLike(pattern, word));

/** Without an expression of others: each part is looked for behind the one before, so it takes no longer than the text is. */
function isLike(pattern: string, word: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return word === pattern;
  const last = rest.pop() ?? '';
  if (word.length < first.length + last.length || !word.startsWith(first) || !word.endsWith(last)) return false;
  const middle = word.slice(first.length, word.length - last.length);
  let at = 0;
  for (const part of rest) {
    const found = middle.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}
