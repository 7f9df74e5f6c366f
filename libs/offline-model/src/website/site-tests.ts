import { z } from 'zod';
import { Specification } from './shapes.js';
import { CRITERIA } from './specification.js';

export const TestSite = z.object({ specification: Specification });

/**
 * Tests of a site, made of its specification: what files can show by fixed rules. Language and width of the pages are left
 * to the reviewer, so that both are seen at work.
 */
export function testSite({ specification: { pages } }: z.infer<typeof TestSite>) {
  const wanted = pages.map(({ path, title, sections }) => ({
    path,
    title,
    texts: sections.flatMap(({ heading, text }) => [heading, text]),
  }));
  return {
    files: [{ path: 'test/site.test.ts', content: sourceOf(JSON.stringify(wanted, null, 2)) }],
    notes: `Written by the offline model, which is no language model: the tests hold the site to ${CRITERIA.pages.id}, ${CRITERIA.links.id} and ${CRITERIA.heading.id} by fixed rules. All else is for the review.`,
    testCommand: 'node --test',
  };
}

const sourceOf = (pages: string): string => `import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

/** What the specification asks of each page. */
const PAGES: readonly { readonly path: string; readonly title: string; readonly texts: readonly string[] }[] = ${pages};

const site = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(site, path), 'utf8');
const squeezed = (text: string): string => text.replace(/\\s+/g, ' ').trim();
const textOf = (html: string): string =>
  squeezed(
    html
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  );
const targetsOf = (html: string): readonly string[] =>
  [...html.matchAll(/\\s(?:href|src)="([^"]*)"/gi)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^(?:[a-z]+:|#|\\/\\/)/i.test(target))
    .map((target) => target.replace(/[#?].*$/, ''));

for (const { path, title, texts } of PAGES) {
  test(\`\${path} is there, with its title and its sections\`, () => {
    const html = read(path);
    const head = textOf(/<title>([\\s\\S]*?)<\\/title>/i.exec(html)?.[1] ?? '');
    assert.ok(head.includes(squeezed(title)), \`the title does not name \${title}\`);
    for (const text of texts) assert.ok(textOf(html).includes(squeezed(text)), \`\${text} is missing\`);
  });

  test(\`every link of \${path} leads to a file, and to all other pages\`, () => {
    const targets = targetsOf(read(path));
    for (const target of targets)
      assert.ok(existsSync(join(site, target)), \`the link of \${path} to \${target} leads nowhere\`);
    for (const other of PAGES)
      assert.ok(other.path === path || targets.includes(other.path), \`\${path} does not link to \${other.path}\`);
  });

  test(\`\${path} has one main heading, and a text for each image\`, () => {
    const html = read(path);
    assert.equal(html.match(/<h1[\\s>]/gi)?.length, 1);
    for (const image of html.match(/<img\\b[^>]*>/gi) ?? []) assert.match(image, /\\salt="/i);
  });
}
`;
