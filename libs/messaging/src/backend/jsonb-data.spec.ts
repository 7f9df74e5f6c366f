import { expect, it } from 'vitest';
import { fromJsonb, toJsonb } from './jsonb-data.js';

it('leaves data alone that jsonb holds', () => {
  const data = { text: 'naïve 🚀', n: 1 };
  expect(toJsonb(data, JSON.stringify(data))).toBe(data);
  expect(fromJsonb(data)).toBe(data);
});

it.each(['\u0000', '\ud800', '\udc00', '\\u0000', 'baton:json'])('gives %j back as it was', (text) => {
  const data = { [text]: [text], text };
  expect(fromJsonb(JSON.parse(JSON.stringify(toJsonb(data, JSON.stringify(data)))))).toEqual(data);
});

it('leaves data of others alone that only looks alike', () => {
  for (const data of [{ 'baton:json': 5 }, { 'baton:json': '{' }, { 'baton:json': '{}', more: 1 }, null, 'text']) {
    expect(fromJsonb(data)).toEqual(data);
  }
});
