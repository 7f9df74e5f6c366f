import { z } from 'zod';
import { type Page, SiteFile, SiteReview, Specification } from './shapes.js';
import { siteIssues } from './site-review.js';
import { CRITERIA } from './specification.js';

export const MakeSite = z.object({
  specification: Specification,
  /** What was made in the round before; null in the first. */
  files: z.array(SiteFile).nullable(),
  review: SiteReview.nullable(),
  /** What the tests found in it. */
  testFindings: z.array(z.object({ message: z.string() })).default([]),
});

const NO_LANGUAGE = CRITERIA.language.id;
const BROKEN_LINK = CRITERIA.links.id;

/**
 * A site of plain HTML and one style sheet. The first draft has two honest mistakes: it forgets to say the language, and
 * links to its last page under a wrong name. A later draft mends what tests and review named.
 */
export function makeSite({ specification, files, review, testFindings }: z.output<typeof MakeSite>) {
  const byTests = testFindings.some(({ message }) => message.includes('leads nowhere')) ? [BROKEN_LINK] : [];
  const named = new Set([...(review?.issues ?? []).map(({ criterion }) => criterion), ...byTests]);
  const open = files === null ? null : new Set(siteIssues(specification, files).map(({ criterion }) => criterion));
  const wrong = [NO_LANGUAGE, BROKEN_LINK].filter((id) => open === null || (open.has(id) && !named.has(id)));
  const made = specification.pages.map((page) => ({ path: page.path, content: html(specification, page, wrong) }));
  const done = (review?.issues ?? []).map(({ id, fix }) => `${id}: ${fix}`);
  const answers = done.length === 0 ? '' : ` Answers to the review: ${done.join(' ')}`;
  return {
    files: [...made, { path: 'style.css', content: STYLE }],
    notes: `Written by the offline model, which is no language model: all texts are taken from the goal as they are. Open index.html.${answers}`,
    testCommand: 'node --test',
  };
}

function html({ title, pages }: Specification, page: Page, wrong: readonly string[]): string {
  const says = !wrong.includes(NO_LANGUAGE);
  const lastPath = pages.length > 1 && wrong.includes(BROKEN_LINK) ? pages.at(-1)?.path : undefined;
  const links = pages.map(({ path, title: name }) => {
    const href = path === lastPath ? path.replace(/l$/, '') : path;
    return `        <li><a href="${escaped(href)}"${path === page.path ? ' aria-current="page"' : ''}>${escaped(name)}</a></li>`;
  });
  const sections = page.sections.flatMap(({ heading, text }) => [
    '      <section>',
    `        <h2>${escaped(heading)}</h2>`,
    `        <p>${escaped(text)}</p>`,
    '      </section>',
  ]);
  return [
    '<!doctype html>',
    says ? `<html lang="${languageOf(pages)}">` : '<html>',
    '  <head>',
    '    <meta charset="utf-8">',
    ...(says ? ['    <meta name="viewport" content="width=device-width, initial-scale=1">'] : []),
    `    <title>${escaped(page.title)} – ${escaped(title)}</title>`,
    '    <link rel="stylesheet" href="style.css">',
    '  </head>',
    '  <body>',
    '    <nav>',
    '      <ul>',
    ...links,
    '      </ul>',
    '    </nav>',
    '    <main>',
    `      <h1>${escaped(page.path === 'index.html' ? title : page.title)}</h1>`,
    ...sections,
    '    </main>',
    '    <footer><p>Made by the offline model of Baton, which is no language model.</p></footer>',
    '  </body>',
    '</html>',
    '',
  ].join('\n');
}

/** A guess by the small words; English where there are none. */
function languageOf(pages: readonly Page[]): string {
  const text = pages.flatMap(({ sections }) => sections.map((section) => ` ${section.text.toLowerCase()} `)).join(' ');
  const count = (words: RegExp): number => text.match(words)?.length ?? 0;
  const german = count(/ (?:und|der|die|das|für|mit|ein|eine|nicht) /g);
  return german > count(/ (?:and|the|for|with|of|not|is) /g) ? 'de' : 'en';
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

const STYLE = `:root { color-scheme: light dark; }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; padding: 0; }
nav a[aria-current] { font-weight: bold; text-decoration: none; }
footer { margin-top: 3rem; font-size: 0.85rem; opacity: 0.75; }
`;
