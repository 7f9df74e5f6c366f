import { z } from 'zod';
import { type Page, SiteFile, type SiteReview, Specification } from './shapes.js';
import { CRITERIA } from './specification.js';

export const ReviewSite = z.object({ specification: Specification, files: z.array(SiteFile), round: z.number() });

/** Reads the files, by fixed rules, and says which criteria do not hold. What only a person can judge it leaves open. */
export function reviewSite({ specification, files, round }: z.infer<typeof ReviewSite>): SiteReview {
  const issues = siteIssues(specification, files).map((issue, index) => ({ ...issue, id: `R${round}.${index + 1}` }));
  const own = Object.values(CRITERIA).map(({ id }): string => id);
  const unjudged = specification.criteria.filter(({ id }) => !own.includes(id)).map(({ id }) => id);
  const open = unjudged.length === 0 ? '' : ` It cannot judge ${unjudged.join(', ')}.`;
  return {
    verdict: issues.length === 0 ? 'pass' : 'revise',
    summary: `${issues.length} ${issues.length === 1 ? 'issue' : 'issues'} in ${files.length} files. The offline model checked pages, languages, links and headings by fixed rules; it does not judge how the site reads.${open}`,
    issues,
  };
}

type Issue = Omit<SiteReview['issues'][number], 'id'>;

const issue = (criterion: keyof typeof CRITERIA, place: string, problem: string, fix: string): Issue => ({
  criterion: CRITERIA[criterion].id,
  severity: 'blocker',
  place,
  problem,
  fix,
});

/** Everything wrong with a site that its files show. */
export function siteIssues(specification: Specification, files: readonly SiteFile[]): readonly Issue[] {
  const contentOf = new Map(files.map(({ path, content }) => [path, content]));
  return specification.pages.flatMap((page) => {
    const content = contentOf.get(page.path);
    if (content === undefined) return [issue('pages', page.path, 'This page is missing.', `Write ${page.path}.`)];
    return [
      ...sectionIssues(page, content),
      ...languageIssues(page.path, content),
      ...linkIssues(page.path, content, specification.pages, contentOf),
      ...headingIssues(page.path, content),
    ];
  });
}

function sectionIssues({ path, title, sections }: Page, content: string): readonly Issue[] {
  const text = textOf(content);
  const lacks = (wanted: string): boolean => !text.includes(squeezed(wanted));
  const head = textOf(/<title>([\s\S]*?)<\/title>/i.exec(content)?.[1] ?? '');
  return [
    ...(head.includes(squeezed(title))
      ? []
      : [issue('pages', path, `Its title does not name “${title}”.`, 'Name the page in its title.')]),
    ...sections.flatMap(({ heading, text: wanted }) =>
      lacks(heading) || lacks(wanted)
        ? [
            issue(
              'pages',
              path,
              `The section “${heading}” is missing or shortened.`,
              `Add the section “${heading}” in full.`,
            ),
          ]
        : [],
    ),
  ];
}

function languageIssues(path: string, content: string): readonly Issue[] {
  return [
    ...(/<html[^>]*\slang="[a-z-]{2,}"/i.test(content)
      ? []
      : [issue('language', path, 'The page does not say its language.', 'Give the html element a lang attribute.')]),
    ...(/<meta[^>]*name="viewport"/i.test(content)
      ? []
      : [issue('language', path, 'The page does not scale to a phone.', 'Add the meta element for the viewport.')]),
  ];
}

function linkIssues(
  path: string,
  content: string,
  pages: readonly Page[],
  contentOf: ReadonlyMap<string, string>,
): readonly Issue[] {
  const targets = [...content.matchAll(/\s(?:href|src)="([^"]*)"/gi)].map(([, target = '']) => target);
  const local = targets
    .filter((target) => !/^(?:[a-z]+:|#|\/\/)/i.test(target))
    .map((each) => each.replace(/[#?].*$/, ''));
  const broken = [...new Set(local)].filter((target) => !contentOf.has(target));
  const missing = pages.filter((page) => page.path !== path && !local.includes(page.path));
  return [
    ...broken.map((target) =>
      issue('links', path, `The link to ${target} leads nowhere.`, `Link to a file that is there, not to ${target}.`),
    ),
    ...missing.map((page) => issue('links', path, `It does not link to ${page.path}.`, `Link to ${page.path}.`)),
  ];
}

function headingIssues(path: string, content: string): readonly Issue[] {
  const count = content.match(/<h1[\s>]/gi)?.length ?? 0;
  const mute = (content.match(/<img\b[^>]*>/gi) ?? []).filter((image) => !/\salt="/i.test(image));
  return [
    ...(count === 1 ? [] : [issue('heading', path, `It has ${count} main headings.`, 'Keep exactly one h1.')]),
    ...(mute.length === 0
      ? []
      : [
          issue(
            'heading',
            path,
            `${mute.length} images say nothing to those who do not see them.`,
            'Give each image an alt text.',
          ),
        ]),
  ];
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What a reader sees of a page. */
const textOf = (html: string): string =>
  squeezed(
    html
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  );
