import { describe, expect, it } from 'vitest';
import { extractJson } from './extract-json.js';

const value = { score: 7, issues: [{ place: 'a "b"', fix: 'x\ny' }], verdict: 'pass' };
const text = JSON.stringify(value, null, 2);

describe('the JSON in an answer', () => {
  it.each([
    ['alone', text],
    ['in a fence', `\`\`\`json\n${text}\n\`\`\``],
    ['in a fence without a name', `\`\`\`\n${text}\n\`\`\``],
    ['in a fence within prose', `Here is what you asked for:\n\n\`\`\`json\n${text}\n\`\`\`\n\nAnything else?`],
    ['in a fence that is never closed', `\`\`\`json\n${text}`],
    ['after prose', `Sure! ${text}`],
    ['between prose', `My answer [as asked]:\n${text}\nThat is all.`],
  ])('is found %s', (_, given) => {
    expect(extractJson(given)).toMatchObject({ ok: true, value, isTruncated: false });
  });

  it.each([
    ['commas at the end', '{"a": [1, 2,], "b": {"c": true,},}'],
    ['comments', '{ // the list\n"a": [1, 2], /* and */ "b": {"c": true} }'],
    ['single quotes', "{'a': [1, 2], 'b': {'c': true}}"],
    ['names without quotes', '{a: [1, 2], b: {c: true}}'],
    ["Python's words", '{"a": [1, 2], "b": {"c": True}}'],
    ['typographic quotes', '{“a”: [1, 2], “b”: {“c”: true}}'],
  ])('is repaired where it has %s', (_, given) => {
    const expected = { ok: true, value: { a: [1, 2], b: { c: true } }, isTruncated: false };
    expect(extractJson(given)).toEqual(expected);
    expect(extractJson(`It is:\n\`\`\`json\n${given}\n\`\`\``)).toEqual(expected);
  });

  it.each(['{"a": [1, 2', '{"a": [1, 2], "b": "half of a te', '```json\n{"a": [1, 2], "b": {'])(
    'says of %s that it breaks off',
    (given) => {
      expect(extractJson(given)).toMatchObject({ ok: true, value: { a: [1, 2] }, isTruncated: true });
    },
  );

  const wanted = {
    type: 'object',
    required: ['score', 'issues', 'verdict'],
    properties: { score: { type: 'integer' }, issues: { type: 'array' }, verdict: { type: 'string' } },
  };
  it.each([
    ['a note with brackets', `${text}\n\nNote: {place} is filled in, see [1].`],
    ['a sentence with a word in brackets', `I fill in {place} as you said: ${text}`],
    ['a number of a note', `As [3] says: ${text}`],
    ['another object', `From {"score": 3} I come to ${text}`],
    ['another object in a fence', `\`\`\`json\n{"score": 3}\n\`\`\`\nNo, rather:\n\`\`\`json\n${text}\n\`\`\``],
    ['the same twice', `${text}\n\nAgain: ${JSON.stringify(value)}`],
    ['thoughts', `<think>Perhaps {"score": 7} or {x}, or ${text.replace('7', '2')}</think>\n${text}`],
    ['thoughts whose beginning was in the prompt', `Perhaps ${text.replace('7', '2')}\n</think>\n\n${text}`],
    ['quotes around all of it', JSON.stringify(text)],
  ])('is found beside %s', (_, given) => {
    expect(extractJson(given, wanted)).toEqual({ ok: true, value, isTruncated: false });
  });

  it('is not guessed where several could be meant, and one of them may have broken off', () => {
    const other = text.replace('7', '2');
    expect(extractJson(`First ${other}, then ${text}`, wanted)).toEqual({
      ok: false,
      reason: 'it holds 2 objects that could be the answer',
    });
    expect(extractJson(`First ${other}, then\n\`\`\`json\n${text}\n\`\`\``, wanted)).toMatchObject({ value });
    expect(extractJson('{"tool": "a"}\n{"tool": "b"}')).toMatchObject({ value: [{ tool: 'a' }, { tool: 'b' }] });
    const cut = extractJson(`First ${other}, then ${text.slice(0, -20)}`, wanted);
    expect(cut.ok && !cut.isTruncated).toBe(false);
  });

  it('does not take prose for JSON', () => {
    for (const given of ['I would rather not.', 'No: "never".', '42 is the answer', '']) {
      expect(extractJson(given)).toMatchObject({ ok: false });
    }
    expect(extractJson('I would rather not.')).toMatchObject({ reason: expect.stringContaining('not JSON') });
    expect(extractJson(' \n')).toEqual({ ok: false, reason: 'the answer is empty' });
  });
});

describe('scalars of the wrong type', () => {
  const schema = {
    type: 'object',
    $defs: { Score: { type: 'number' } },
    properties: {
      score: { $ref: '#/$defs/Score' },
      line: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      isDone: { type: 'boolean' },
      name: { type: 'string' },
      marks: { type: 'array', items: { type: 'integer' } },
      open: {},
    },
  };
  const fitted = (given: object) => extractJson(JSON.stringify(given), schema);

  it('become what the schema wants where they say the same', () => {
    const given = { score: '7.5', line: '12', isDone: 'True', name: 3, marks: ['1', 2], open: '5', other: '6' };
    expect(fitted(given)).toMatchObject({
      value: { score: 7.5, line: 12, isDone: true, name: '3', marks: [1, 2], open: '5', other: '6' },
    });
    expect(fitted({ line: 'null' })).toMatchObject({ value: { line: null } });
  });

  it('stay as they are where they do not', () => {
    const given = { score: 'high', line: '1.5', isDone: 'yes', name: null, marks: '1' };
    expect(fitted(given)).toMatchObject({ value: given });
  });

  it('are left alone where they already fit one of several types', () => {
    const either = { type: 'object', properties: { id: { type: ['string', 'number'] } } };
    expect(extractJson('{"id": "7"}', either)).toMatchObject({ value: { id: '7' } });
  });
});
