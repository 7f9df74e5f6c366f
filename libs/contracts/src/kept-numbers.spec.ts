import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedNumberIn, isKeptNumber, parseJson } from './kept-numbers.js';

test.each([
  ...[
    '0',
    '-0',
    '0.0',
    '0e5',
    '1',
    '-1.50',
    '0.1',
    '0.30000000000000004',
    '1e23',
    '1E+2',
    '5e-324',
    '1.7976931348623157e308',
  ],
  ...['9007199254740991', '-9007199254740991', '9007199254740992', '9007199254740994.0', '1000000000000000000000'],
  ...['0.1234567890123456789012345', '3.141592653589793238462643', '123456789.12345678901234567890'],
])('%s stays what it is', (source) => {
  expect(isKeptNumber(source)).toBe(true);
});

test.each([
  ...['9007199254740993', '-9007199254740993', '12345678901234567890', '1152921504606846976', '9007199254740993.0'],
  ...['1e400', '-1e400', '1e-400', '0.00001e-330', '900719925474099.3e1', `1${'0'.repeat(400)}`],
])('%s would be another number', (source) => {
  expect(isKeptNumber(source)).toBe(false);
});

test('whatever a program has for a number stays', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => isKeptNumber(String(value))));
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => isKeptNumber(String(value))));
});

test('whole numbers are kept or refused as their digits are', () => {
  const wide = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  fc.assert(
    fc.property(wide, (value) => {
      const isSafe = Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER;
      expect(isKeptNumber(String(value))).toBe(isSafe || isSame(value));
    }),
  );
});

/** Whether the shortest decimal of the double is this number. */
function isSame(value: bigint): boolean {
  const [digits = '', exponent = '0'] = String(Number(value)).replace('-', '').split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const shortest = BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length);
  return shortest === (value < 0n ? -value : value);
}

test('the place of the first one is a pointer', () => {
  expect(changedNumberIn('{"a/b": [1, {"~": 12345678901234567890}], "z": 1e400}')).toEqual({
    pointer: '/a~1b/1/~0',
    source: '12345678901234567890',
  });
  expect(changedNumberIn('1e400')).toEqual({ pointer: '', source: '1e400' });
  expect(changedNumberIn('{"a": "12345678901234567890", "12345678901234567890": 1}')).toBeNull();
  expect(changedNumberIn('{"__proto__": 12345678901234567890}')).toMatchObject({ pointer: '/__proto__' });
});

test('the sentence names place, number and what to do', () => {
  expect(() => parseJson('{"id": 12345678901234567890}', 'The input')).toThrow(
    'The input cannot be kept: at /id the number 12345678901234567890 would become 12345678901234567000.',
  );
  expect(() => parseJson(`[1${'0'.repeat(400)}]`, 'The input')).toThrow(/at \/0 the number 10{39}… is beyond/);
  expect(parseJson('{"id": "12345678901234567890"}', 'The input')).toEqual({ id: '12345678901234567890' });
  expect(() => parseJson('{', 'The input')).toThrow(SyntaxError);
});

test('a megabyte of numbers, or of brackets, takes a moment', () => {
  const look = (): void => {
    expect(changedNumberIn(`[${'1e5,'.repeat(250_000)}1]`)).toBeNull();
    expect(changedNumberIn(`${'['.repeat(500_000)}1e400${']'.repeat(500_000)}`)).toBeNull();
  };
  expect(look).toComputeWithin(3_000);
});
