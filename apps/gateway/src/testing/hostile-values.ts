import { randomUUID } from 'node:crypto';

/* What strangers send, and programs that are broken. */

const RUN = '0195d0a0-0000-7000-8000-0000000000ff';
const coded = (text: string): string => Buffer.from(text).toString('base64url');

/** Values of a parameter, in a query or a path; as they stand in a URL. */
export const HOSTILE_VALUES: readonly string[] = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1e9',
    '9007199254740993',
    '99999999999999999999999',
    '999999',
    '2147483648',
    '999999999999999',
  ],
  ...['NaN', '0x10', '1;drop table baton.event', "'", 'null', '{}', '%5B%5D', '_%25', '=%00', 'k=%00'],
  ...[
    '%00',
    '%ff',
    '%ed%a0%80',
    '%F0%9F%9A%80',
    '%E2%80%AE',
    '..%2f..%2fetc',
    '%2e%2e',
    '.',
    '%5c',
    '__proto__',
    'constructor',
  ],
  'a'.repeat(5_000),
  ...['0000-01-01T00:00:00Z', '0000-01-01', '9999-12-31T23:59:59-23:59', '275760-09-13T00:00:00Z'],
  ...['-000001-01-01T00:00:00Z', '2026-02-30', '2026-01-31T12:00:00.123456789012345678901234567890Z'],
  ...['eyJhIjoxfQ', coded(JSON.stringify(['0000-01-01T00:00:00Z', RUN])), coded('9'.repeat(30))],
  coded(JSON.stringify({ at: '0000-01-01T00:00:00Z', id: RUN })),
  ...[' ', '|', ','].map((between) => coded(`0000-01-01T00:00:00.000Z${between}${RUN}`)),
  ...[`${RUN}-99999999999999999999`, `${RUN}-2147483648`, RUN.slice(0, 4), `a@${'9'.repeat(30)}.0.0`],
];

const DEEP = 10_000;

/** Bodies that are, or claim to be, JSON. */
export const HOSTILE_BODIES: Readonly<Record<string, string | Buffer>> = {
  nothing: '',
  'half an object': '{',
  null: 'null',
  'a list': '[]',
  'a text': '"text"',
  'a number': '5',
  'arrays in arrays, ten thousand deep': `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  'objects in objects, ten thousand deep': `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  'a prototype': '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}',
  'members named like those of every object': '{"toString":1,"hasOwnProperty":1,"valueOf":null}',
  'the same member twice': '{"requestId":"a","requestId":"b","name":"a","name":1}',
  'half a surrogate pair, and NUL':
    '{"workflow":"\\ud800","name":"\\u0000","requestId":"\\u0000","input":{"a":"\\udc00"}}',
  'letters that turn others around': '{"name":"\\u202e\\u2066","url":"http://\\u202e","workflow":"ａ"}',
  'numbers that are none': '{"at":1e400,"priority":-0.0,"limit":12345678901234567890}',
  'a hundred thousand members': `{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join(',')}}`,
  'a text of a megabyte': JSON.stringify({ name: 'x'.repeat(1_000_000) }),
  'more than a body may hold': JSON.stringify({ name: 'x'.repeat(1_200_000) }),
  'no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'UTF-16': Buffer.from('\ufeff{"a":1}', 'utf16le'),
};

const WRONG: readonly unknown[] = [null, true, -1, 1e308, '', 'x'.repeat(3_000), [], [[]], {}, { a: { b: [null] } }];

/** Bodies in which one member after the other is of a wrong type. */
export const withWrongMembers = (members: readonly string[]): readonly object[] =>
  members.flatMap((name) => WRONG.map((value) => ({ requestId: randomUUID(), [name]: value })));
