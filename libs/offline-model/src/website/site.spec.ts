import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeSite } from './site.js';
import { reviewSite, siteIssues } from './site-review.js';
import { specify } from './specification.js';

const GOAL = `# Lena, photographer

See her work & how to reach her.

- Work: Weddings <in colour>.
- Contact: Write to "Lena".
- Work: Portraits.`;

function rounds(goal: string, constraints: readonly string[] = []) {
  const specification = specify({ goal, constraints: [...constraints] });
  const first = makeSite({ testFindings: [], specification, files: null, review: null });
  const review = reviewSite({ specification, files: first.files, round: 1 });
  const second = makeSite({ testFindings: [], specification, files: first.files, review });
  return { specification, first, review, second, final: reviewSite({ specification, files: second.files, round: 2 }) };
}

test('the specification has a page for each point of the goal, in the words of the goal', () => {
  const { specification } = rounds(GOAL, ['No scripts.']);
  expect(specification.title).toBe('Lena, photographer');
  expect(specification.pages.map(({ path, title }) => [path, title])).toEqual([
    ['index.html', 'Home'],
    ['work.html', 'Work'],
    ['contact.html', 'Contact'],
    ['work-2.html', 'Work'],
  ]);
  expect(specification.pages[1]?.sections).toEqual([{ heading: 'Work', text: 'Weddings <in colour>.' }]);
  expect(specification.criteria.at(-1)).toEqual({ id: 'W1', text: 'No scripts.' });
});

test('a goal that says next to nothing still gets a page with a title', () => {
  expect(specify({ goal: '.', constraints: [] })).toMatchObject({
    title: 'A website',
    pages: [{ path: 'index.html' }],
  });
});

test('the first draft forgets the language and breaks a link, the review finds both, and the second draft mends them', () => {
  const { first, review, second, final } = rounds(GOAL);
  expect(review.verdict).toBe('revise');
  expect(new Set(review.issues.map(({ criterion }) => criterion))).toEqual(new Set(['C2', 'C3']));
  expect(review.issues.map(({ problem }) => problem).join()).toContain('work-2.htm leads nowhere');
  expect(first.files.find(({ path }) => path === 'work.html')?.content).toContain('Weddings &lt;in colour&gt;.');
  expect(second.notes).toContain('R1.1: ');
  expect(final).toMatchObject({ verdict: 'pass', issues: [] });
});

test('a draft mends only what a review has named', () => {
  const { specification, first, review } = rounds(GOAL);
  const half = { ...review, issues: review.issues.filter(({ criterion }) => criterion === 'C2') };
  const second = makeSite({ testFindings: [], specification, files: first.files, review: half });
  const left = siteIssues(specification, second.files);
  expect(new Set(left.map(({ criterion }) => criterion))).toEqual(new Set(['C3']));
  const third = makeSite({
    testFindings: [],
    specification,
    files: second.files,
    review: reviewSite({ specification, files: second.files, round: 2 }),
  });
  expect(siteIssues(specification, third.files)).toEqual([]);
});

test('any goal needs two rounds and no more', () => {
  const unit = fc.oneof(
    fc.constantFrom('\n- ', '\n# ', ': ', '<b>', '&amp;', '"', '\n\n', '/../', 'ä', 'Home'),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(unit, { maxLength: 40 }),
      fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
      (parts, more) => {
        const { specification, review, second, final } = rounds(parts.join(''), more);
        expect(review.verdict).toBe('revise');
        expect(final.issues).toEqual([]);
        expect(new Set(second.files.map(({ path }) => path)).size).toBe(specification.pages.length + 1);
      },
    ),
    { numRuns: 200 },
  );
});

describe('the review', () => {
  const { specification, second } = rounds(GOAL);
  const spoilt = (path: string, change: (content: string) => string) =>
    siteIssues(
      specification,
      second.files.flatMap((file) => (file.path === path ? [{ ...file, content: change(file.content) }] : [file])),
    ).map(({ criterion, problem }) => `${criterion} ${problem}`);

  test.each<[string, (content: string) => string, string]>([
    [
      'a shortened text',
      (html) => html.replace('&lt;in colour&gt;', ''),
      'C1 The section “Work” is missing or shortened.',
    ],
    ['a title that names something else', (html) => html.replace(/<title>Work/, '<title>X'), 'C1 Its title'],
    ['a missing viewport', (html) => html.replace(/<meta name="viewport"[^>]*>/, ''), 'C2 The page does not scale'],
    [
      'a missing link',
      (html) => html.replace('href="contact.html"', 'href="#"'),
      'C3 It does not link to contact.html',
    ],
    ['a second main heading', (html) => html.replace('</main>', '<h1>Again</h1></main>'), 'C4 It has 2 main headings'],
    ['an image without a text', (html) => html.replace('</main>', '<img src="style.css"></main>'), 'C4 1 image'],
  ])('finds %s', (_what, change, expected) => {
    expect(spoilt('work.html', change)).toEqual([expect.stringContaining(expected)]);
  });

  test('finds a page that is not there, and says what it cannot judge', () => {
    const judged = rounds(GOAL, ['Looks friendly.']);
    const files = judged.second.files.filter(({ path }) => path !== 'contact.html');
    const review = reviewSite({ specification: judged.specification, files, round: 3 });
    expect(review.issues[0]).toMatchObject({ id: 'R3.1', criterion: 'C3' });
    expect(review.issues.map(({ problem }) => problem)).toContain('This page is missing.');
    expect(review.summary).toContain('cannot judge W1');
  });
});
