import { z } from 'zod';
import type { Page, Specification } from './shapes.js';

export const Specify = z.object({
  goal: z.string(),
  constraints: z.array(z.string()),
  techStack: z.array(z.string()).default([]),
  failure: z.object({ Error: z.string(), Cause: z.string() }).nullable().default(null),
});

/** All that the scripts can write. */
const PLAIN = ['HTML', 'CSS'];

const MOST_PAGES = 8;

/** The criteria every site is held to; the reviewer's checks are written for these, by their ids. */
export const CRITERIA = {
  pages: { id: 'C1', text: 'Every page of the specification is there, with its title and its sections.' },
  language: { id: 'C2', text: 'Every page says its language and scales to the width of a phone.' },
  links: {
    id: 'C3',
    text: 'Every page links to all others, and every link and style sheet leads to a file that is there.',
  },
  heading: { id: 'C4', text: 'Every page has one main heading, and every image a text for those who do not see it.' },
} as const;

/**
 * The specification of a site: each point of the list in the goal becomes a page, and all texts are the goal's own. A goal
 * without a list becomes one page. Constraints become criteria.
 */
export function specify({ goal, constraints, techStack, failure }: z.input<typeof Specify>): Specification {
  const lines = goal.split(/\n+/).map((line) => line.trim());
  const points = lines.flatMap((line) => /^(?:[-*•]|\d+[.)])\s+(?<point>.*\S)/.exec(line)?.groups?.point ?? []);
  const prose = lines.filter((line) => line !== '' && !/^(?:[-*•#]|\d+[.)])/.test(line));
  const heading = lines.find((line) => /^#+\s/.test(line))?.replace(/^#+\s*/, '');
  const summary = prose.join(' ') || points.join(' ') || goal.trim() || 'Nothing was said.';
  const title = short(heading ?? firstSentence(summary), 80) || 'A website';
  const home: Page = { path: 'index.html', title: 'Home', purpose: title, sections: sectionsOf(summary, 'Welcome') };
  const taken = new Set(['index.html']);
  const others = points.slice(0, MOST_PAGES - 1).flatMap((point): Page[] => {
    const [, name = point, about = ''] = /^([^:–—]{1,40})(?:[:–—]\s*(.*))?$/s.exec(point) ?? [];
    if (/^(?:home|start|index)\b/i.test(name)) {
      home.sections.push(...sectionsOf(about, name));
      return [];
    }
    const path = pathOf(name, taken);
    taken.add(path);
    const text = about.trim() || point;
    return [{ path, title: short(name.trim(), 60), purpose: short(text, 300), sections: sectionsOf(text, name) }];
  });
  const wanted = constraints.map((text, index) => ({ id: `W${index + 1}`, text }));
  return {
    title,
    summary: short(failure == null ? summary : `${summary} Written again, because: ${failure.Cause}`, 1000),
    techStack: usableOf(techStack ?? []),
    pages: [home, ...others],
    criteria: [...Object.values(CRITERIA), ...wanted].map((criterion) => ({ ...criterion })),
  };
}

/** What of the technologies asked for can be written, in plain files; HTML and CSS where that is nothing. */
function usableOf(wanted: readonly string[]): string[] {
  const usable = wanted.filter((name) => /^(?:html5?|css3?)$/i.test(name.trim()));
  return usable.length === 0 ? [...PLAIN] : usable;
}

const firstSentence = (text: string): string => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0].replace(/\.$/, '') ?? text;

/** Cut at a word. */
function short(text: string, most: number): string {
  const characters = [...text.trim()];
  if (characters.length <= most) return characters.join('');
  const cut = characters.slice(0, most - 1).join('');
  return `${cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut}…`;
}

const sectionsOf = (text: string, heading: string): Page['sections'] =>
  text.trim() === '' ? [] : [{ heading: short(heading.trim(), 60), text: short(text.trim(), 2000) }];

/** A file name in plain letters; one that is taken, or that has none, gets a number. */
function pathOf(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const slug = plain.replace(/^-+|-+$/g, '').slice(0, 40) || 'page';
  for (let number = 1; ; number += 1) {
    const path = `${slug}${number === 1 ? '' : `-${number}`}.html`;
    if (!taken.has(path)) return path;
  }
}
