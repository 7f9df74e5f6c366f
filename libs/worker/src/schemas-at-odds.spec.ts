import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { schemaOf } from './schema-of.js';
import { explainOdds } from './schemas-at-odds.js';

const shapes = (input: z.ZodType, output: z.ZodType) => ({
  input: schemaOf(input, 'input'),
  output: schemaOf(output, 'output'),
});
const Text = z.object({ text: z.string() });
const Words = z.object({ words: z.int() });
type Pair = readonly [what: string, earlier: z.ZodType, later: z.ZodType];

const betweenInputs = (earlier: z.ZodType, later: z.ZodType) =>
  explainOdds(shapes(earlier, Words), shapes(later, Words));
const betweenOutputs = (earlier: z.ZodType, later: z.ZodType) =>
  explainOdds(shapes(Text, earlier), shapes(Text, later));

const Tree = z.object({
  name: z.string(),
  get parts() {
    return z.array(Tree);
  },
});

describe('what a later worker takes', () => {
  test.each<Pair>([
    ['the same', Text, z.object({ text: z.string() })],
    ['one that may be left out in addition', Text, Text.extend({ language: z.string().optional() })],
    ['a member of several types', Text, z.object({ text: z.union([z.number(), z.string()]) })],
    ['one that was required and may be left out', Text, z.object({ text: z.string().optional() })],
    ['wider bounds', z.object({ n: z.int().min(1).max(5) }), z.object({ n: z.number().min(0).max(9) })],
    ['more values of a list', z.object({ a: z.enum(['x']) }), z.object({ a: z.enum(['x', 'y']) })],
    ['anything', Text, z.unknown()],
    [
      'another pattern, of which nobody knows',
      z.object({ a: z.string().regex(/a/) }),
      z.object({ a: z.string().regex(/b/) }),
    ],
    ['a tree of the same', Tree, Tree],
    ['less, and leaves the rest alone', Text.extend({ more: z.number() }), Text],
  ])('fits: %s', (_, earlier, later) => expect(betweenInputs(earlier, later)).toBeNull());

  test.each<readonly [...Pair, reason: RegExp]>([
    ['one more that is required', Text, Text.extend({ language: z.string() }), /\/language is required/],
    ['another type', Text, z.object({ text: z.array(z.string()) }), /\/text may be of type string/],
    ['another name', Text, z.object({ body: z.string() }), /\/body is required/],
    [
      'no more of what it took',
      Text.extend({ more: z.number() }),
      z.strictObject({ text: z.string() }),
      /\/more is not known/,
    ],
    ['fewer values of a list', z.object({ a: z.enum(['x', 'y']) }), z.object({ a: z.enum(['x']) }), /\/a may be "y"/],
    ['only some texts', Text, z.object({ text: z.enum(['x']) }), /\/text may be any/],
    ['a narrower bound', Text, z.object({ text: z.string().max(9) }), /\/text has a maxLength of 9/],
    ['no null', z.object({ a: z.string().nullable() }), z.object({ a: z.string() }), /\/a may be of type null/],
    ['other items', z.array(z.string()), z.array(z.number()), /\/items may be of type string/],
  ])('is at odds: %s', (_, earlier, later, reason) =>
    expect(betweenInputs(earlier, later)).toMatch(
      new RegExp(`^it does not take arguments that they take: .*${reason.source}`),
    ),
  );
});

describe('what a later worker gives', () => {
  test.each<Pair>([
    ['more', Words, Words.extend({ lines: z.int() })],
    ['fewer values of a list', z.object({ a: z.enum(['x', 'y']) }), z.object({ a: z.enum(['x']) })],
    ['a narrower bound', Words, z.object({ words: z.int().min(0) })],
  ])('fits: %s', (_, earlier, later) => expect(betweenOutputs(earlier, later)).toBeNull());

  test.each<readonly [...Pair, reason: RegExp]>([
    ['no more of what it gave', Words.extend({ lines: z.int() }), Words, /\/lines is required/],
    ['another type', Words, z.object({ words: z.string() }), /\/words may be of type string/],
    ['one that may be missing now', Words, z.object({ words: z.int().optional() }), /\/words is required/],
    ['one more value of a list', z.object({ a: z.enum(['x']) }), z.object({ a: z.enum(['x', 'y']) }), /\/a may be "y"/],
  ])('is at odds: %s', (_, earlier, later, reason) =>
    expect(betweenOutputs(earlier, later)).toMatch(new RegExp(`^it gives what they do not: .*${reason.source}`)),
  );
});

test('whoever says nothing of what it takes or gives is at odds with nobody', () => {
  expect(explainOdds({ input: null, output: null }, shapes(Text, Words))).toBeNull();
});

test('schemas whose branches have no end are compared to an end, and count as fit', () => {
  const branches = Array.from({ length: 30 }, () => ({ $ref: '#' }));
  const hostile = { anyOf: branches };
  const both = { input: hostile, output: hostile };
  expect(explainOdds(both, shapes(Text, Words))).toBeNull();
  expect(explainOdds(shapes(Text, Words), both)).toBeNull();
});
