import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorOf } from './reference/markdown.js';

const root = join(import.meta.dirname, '..');
const PLACES = [
  '*.md',
  '{docs,examples,workflows,infra,bench}/**/*.md',
  '{apps,libs}/*/*.md',
  '{apps,libs}/*/src/**/*.md',
];
const pages = globSync(PLACES, { cwd: root, exclude: (name) => /(^|\/)(node_modules|dist)$/.test(name) }).toSorted();

/** The text without its code, where brackets and number signs mean something else. */
const proseOf = (text: string): string => text.replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?^\1\s*$/gm, '');

/** The anchors of a page; the same heading twice has a number behind it. */
function anchorsIn(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  return new Set(
    [...proseOf(text).matchAll(/^#{1,6} +(.+?)\s*$/gm)].map(([, heading = '']) => {
      const anchor = anchorOf(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, ''));
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${before}`;
    }),
  );
}

function linksIn(text: string): readonly string[] {
  const prose = proseOf(text).replaceAll(/(`+)[^`]+?\1(?!`)/g, (span) => (span.includes('](') ? '' : span));
  return [...prose.matchAll(/\]\(([^()\s]+(?:\([^()]*\))?)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function whatIsWrong(page: string, link: string): string | null {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? join(root, page) : resolve(root, dirname(page), decodeURI(path));
  if (!existsSync(file)) return `${link}: there is no ${relative(root, file)}`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  return anchorsIn(readFileSync(file, 'utf8')).has(anchor) ? null : `${link}: there is no heading for #${anchor}`;
}

describe('what a page links to is there', () => {
  test.each(pages)('%s', (page) => {
    const wrong = linksIn(readFileSync(join(root, page), 'utf8')).map((link) => whatIsWrong(page, link));
    expect(wrong.filter((each) => each !== null)).toEqual([]);
  });
});

test('every page of docs is named where one looks first', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
  const own = pages.filter(
    (page) => /^docs\/(how-to\/|reference\/)?[\w-]+\.md$/.test(page) && page !== 'docs/README.md',
  );
  const missing = own.map((page) => page.replace('docs/', '')).filter((page) => !index.includes(`](${page}`));
  expect(missing).toEqual([]);
});

test('a guarantee names a test by its title, and that test is there', () => {
  const text = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');
  const tests = [...text.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+\.spec\.ts)\)/g)].filter(([, title]) => title !== 'test');
  const missing = tests.filter(([, title = '', file = '']) => !readFileSync(join(root, file), 'utf8').includes(title));
  expect(missing.map(([, title]) => title)).toEqual([]);
  expect(tests.length).toBeGreaterThan(20);
});
