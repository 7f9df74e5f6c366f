import { expect, test } from 'vitest';
import { attachmentNamed, mediaTypeOf, sentTypeOf } from './media-type.js';

test.each([
  ['src/a.TS', 'text/plain; charset=utf-8'],
  ['page.html', 'text/html; charset=utf-8'],
  ['data.json', 'application/json; charset=utf-8'],
  ['Makefile', 'application/octet-stream'],
  ['constructor', 'application/octet-stream'],
  ['.__proto__', 'application/octet-stream'],
])('%s is %s', (path, type) => {
  expect(mediaTypeOf(path)).toBe(type);
});

test.each(['a.js', 'a.mjs', 'a.css'])('%s is sent as text, whatever it is', (path) => {
  expect(mediaTypeOf(path)).not.toMatch(/plain/);
  expect(sentTypeOf(path)).toBe('text/plain; charset=utf-8');
});

test('a name cannot leave its header', () => {
  const header = attachmentNamed('a/"b\r\nSet-Cookie: x=1; ünï*\'.txt');
  expect(header).toMatch(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%~-]+$/);
  expect(decodeURIComponent(header.split("''")[1] ?? '')).toBe('"b\r\nSet-Cookie: x=1; ünï*\'.txt');
});
