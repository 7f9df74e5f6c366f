import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { extractJson } from './extract-json.js';

/*
 * What models do to JSON, done to any JSON: the value comes back as it was, or it is said that it breaks off, or that there is
 * none. Never another value that passes for a whole one.
 */

const numRuns = inject('effort') === 'long' ? 5_000 : 500;
const some = (run: (given: unknown) => void, values: fc.Arbitrary<unknown>): void =>
  fc.assert(fc.property(values, run), { numRuns });

/** -0 is 0 once it was written down. */
const asWritten = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const anything = fc.jsonValue({ maxDepth: 4 }).map(asWritten);
/** What an answer is: an object with something in it. */
const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1, maxKeys: 6 }).map(asWritten);

const valueIn = (text: string): unknown => {
  const found = extractJson(text);
  return found.ok && !found.isTruncated ? found.value : undefined;
};

test('any JSON is found as it is, however it is indented', () => {
  some((value) => {
    expect(valueIn(JSON.stringify(value))).toEqual(value);
    expect(valueIn(` \n${JSON.stringify(value, null, 2)}\n\n`)).toEqual(value);
  }, anything);
});

test('an object is found in a fence, and between prose', () => {
  some((value) => {
    const text = JSON.stringify(value, null, 2);
    // A fence within a string of the value is on no line of its own: line feeds are escaped there.
    expect(valueIn(`Here you are:\n\n\`\`\`json\n${text}\n\`\`\`\n\nAnything else?`)).toEqual(value);
    expect(valueIn(`\`\`\`\n${text}\n\`\`\``)).toEqual(value);
    expect(valueIn(`Sure. ${text}`)).toEqual(value);
    expect(valueIn(`My answer:\n${text}\nThat is all.`)).toEqual(value);
  }, objects);
});

const WRAPPINGS: readonly ((cut: string) => string)[] = [
  (cut) => cut,
  (cut) => `It is:\n\`\`\`json\n${cut}`,
  (cut) => `\`\`\`json\n${cut}\n\`\`\``,
  (cut) => `${cut}\n\nThat is all.`,
];

test('an object that breaks off is never taken for a whole one', () => {
  fc.assert(
    fc.property(
      objects,
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.constantFrom(...WRAPPINGS),
      (value, share, wrap) => {
        const text = JSON.stringify(value, null, 1);
        const cut = text.slice(0, Math.max(1, Math.floor(text.length * share)));
        const found = extractJson(wrap(cut));
        if (found.ok) expect(found.isTruncated).toBe(true);
      },
    ),
    { numRuns },
  );
});

test('commas and comments at the ends of members change nothing', () => {
  // Names and texts of plain words: within a string a comma or a slash is a part of it.
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const plain = fc.dictionary(word, fc.oneof(word, fc.integer(), fc.array(fc.integer(), { minLength: 1 })), {
    minKeys: 1,
  });
  some((value) => {
    const text = JSON.stringify(value, null, 2);
    expect(valueIn(text.replaceAll(/(?<=[^[{,\s])\n(?=\s*[}\]])/g, ',\n'))).toEqual(value);
    expect(valueIn(text.replaceAll(/,\n/g, ', // as asked\n'))).toEqual(value);
    expect(valueIn(text.replaceAll(/\{\n/g, '{ /* the answer */\n'))).toEqual(value);
  }, plain.map(asWritten));
});

test('no text makes it throw', () => {
  some(
    (given) => void extractJson(String(given)),
    fc.oneof(fc.string({ maxLength: 300 }), fc.stringMatching(/^[[\]{}",:/*`\\'\n a1]{0,60}$/)),
  );
});
