import { expect, test } from 'vitest';
import { isAllowed, parseAllowedHosts } from './allowed-hosts.js';
import { locate } from './location.js';

test.each([
  ['docs', 'docs'],
  ['./docs/guide.md', 'docs/guide.md'],
  ['docs/', 'docs'],
  ['.', ''],
  [' README.md ', 'README.md'],
])('%s is a path of the workspace', (text, path) => {
  expect(locate(text)).toEqual({ type: 'run', path });
});

test('an absolute path is one of the machine, and an address is a page without its fragment', () => {
  expect(locate('/srv/handbook')).toEqual({ type: 'machine', path: '/srv/handbook' });
  expect(locate('HTTPS://Docs.Example/a?b#c')).toMatchObject({
    type: 'page',
    url: new URL('https://docs.example/a?b'),
  });
});

test.each([
  ['', 'empty'],
  ['../secrets', 'leads out of the workspace'],
  ['docs/../../etc/passwd', 'leads out of the workspace'],
  ['..', 'leads out of the workspace'],
  ['docs\\guide.md', 'backslash'],
  ['C:\\docs', 'backslash'],
  ['~/docs', '~'],
  ['.git/config', '.git'],
  ['a\u0007b', 'control character'],
  ['a\nb', 'control character'],
  ['x'.repeat(3_000), 'longer than'],
  ['file:///etc/passwd', 'file:'],
  ['file:/etc/passwd', 'file:'],
  ['ftp://docs.example/x', 'ftp:'],
  ['data:text/plain,hello', 'data:'],
  ['javascript:alert(1)', 'javascript:'],
  ['https://ada:secret@docs.example', 'password'],
  ['https://', 'no address'],
])('%j is refused with what to do', (text, reason) => {
  const location = locate(text);
  if (location.type !== 'refused') expect.fail(JSON.stringify(location));
  expect(location.reason).toContain(reason);
  expect(location.reason).toContain(': ');
});

const allows = (list: string, url: string): boolean => isAllowed(new URL(url), parseAllowedHosts(list));

test('nothing is allowed by an empty list', () => {
  expect(allows('', 'https://docs.example')).toBe(false);
});

test.each([
  ['docs.example', 'https://docs.example/any?x=1'],
  ['docs.example, other.example', 'https://other.example/'],
  ['DOCS.example', 'https://docs.example/'],
  ['docs.example:8443', 'https://docs.example:8443/x'],
  ['*.example', 'https://a.b.example/'],
  ['http://intranet:8080/handbook', 'http://intranet:8080/handbook/page'],
  ['https://docs.example/api/', 'https://docs.example/api/x'],
  ['https://docs.example/api', 'https://docs.example/api'],
])('%s allows %s', (list, url) => {
  expect(allows(list, url)).toBe(true);
});

test.each([
  ['docs.example', 'http://docs.example/'],
  ['docs.example', 'https://docs.example.evil/'],
  ['docs.example', 'https://evil-docs.example/'],
  ['docs.example', 'https://docs.example:8443/'],
  ['*.example', 'https://example/'],
  ['*.example', 'https://badexample/'],
  ['https://docs.example/api', 'https://docs.example/apis'],
  ['https://docs.example/api/', 'https://docs.example/api/../secret'],
  ['https://docs.example/api/', 'https://docs.example/api/%2e%2e/secret'],
  ['https://docs.example/api/', 'https://docs.example/api/..%2fsecret'],
])('%s does not allow %s', (list, url) => {
  expect(allows(list, url)).toBe(false);
});

test.each(['*', 'ftp://docs.example', 'https://a:b@docs.example', 'docs.example?x', 'a b', 'https://'])(
  'an entry %j stops the start and is named',
  (entry) => {
    expect(() => parseAllowedHosts(`docs.example,${entry}`)).toThrow(`BATON_KNOWLEDGE_HOSTS says “${entry}”`);
  },
);
