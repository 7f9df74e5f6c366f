import { readFile } from 'node:fs/promises';
import { RetryableError, TerminalError } from '@baton/contracts';
import type { ModelRequest } from '@baton/llm';
import { request } from '@baton/llm/testing';
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { createOfflineModel } from './offline-model.js';
import type { Review } from './seven-step/outputs.js';
import { isSafePath } from './seven-step/paths.js';
import { anyCharacter } from './testing/any-character.js';
import {
  answerText,
  codeReviews,
  failedTests,
  noFailure,
  planOf,
  planReview,
  planRevision,
  type Rounds,
  refined,
  twoRounds,
} from './testing/offline-run.js';

const isLong = inject('effort') === 'long';

const example = (name: string): Promise<string> =>
  readFile(new URL(`../../../examples/requirements/${name}`, import.meta.url), 'utf8');

const tabular = await example('tabular-preprocessing.md');

const meets = ({ scores }: Review): boolean =>
  scores.alignment >= 9 && scores.standardization >= 8 && scores.compatibility >= 8;

/** What must hold of a run, whatever the text. */
function expectOneImperfectRoundEach(rounds: Rounds): void {
  expect(meets(rounds.firstPlanReview)).toBe(false);
  expect(rounds.firstPlanReview.verdict).toBe('revise');
  expect(rounds.plan.answers.map(({ issueId }) => issueId)).toEqual(rounds.firstPlanReview.issues.map(({ id }) => id));
  expect(rounds.planReview).toMatchObject({ verdict: 'pass' });
  expect(meets(rounds.planReview)).toBe(true);

  expect(rounds.firstCodeReviews.every(meets)).toBe(false);
  const complaints = ['tests', ...rounds.firstCodeReviews.flatMap(({ issues }) => issues.map(({ id }) => id))];
  expect(rounds.refinement.answers.map(({ to }) => to)).toEqual(complaints);
  for (const review of rounds.codeReviews) {
    expect(review.verdict).toBe('pass');
    expect(meets(review)).toBe(true);
  }

  expect(rounds.code.files.map(({ path }) => path).filter((path) => !isSafePath(path))).toEqual([]);
  const made = new Set(rounds.code.files.map(({ path }) => path));
  expect(rounds.plan.files.map(({ path }) => path).filter((path) => !made.has(path))).toEqual([]);
}

describe.each(['typescript', 'python'] as const)('two rounds in %s', (language) => {
  test.each(['tabular-preprocessing.md', 'url-shortener.md', 'rechnungspruefung.md'])(
    'mend the mistakes of the first for %s',
    async (name) => {
      expectOneImperfectRoundEach(await twoRounds({ requirements: await example(name), language }));
    },
  );

  test('mend the mistakes of the first for any text', async () => {
    const unit = fc.oneof(
      fc.constantFrom('\n- ', '\n# ', '\n', '. ', ' “', '” ', '{% ', '../', '```\n', '\u202e', '"""', '*/', '${', '\\'),
      fc.constantFrom('R1 ', 'must ', 'error ', 'データ', 'ошибка ', 'tabular preprocessing '),
      fc.string({ unit: anyCharacter, maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { maxLength: 60 }), async (parts) => {
        expectOneImperfectRoundEach(await twoRounds({ requirements: parts.join(''), language }));
      }),
      { numRuns: isLong ? 40 : 12 },
    );
  });

  test('give the same bytes for the same text', async () => {
    const facts = { requirements: tabular, language };
    expect(JSON.stringify(await twoRounds(facts))).toBe(JSON.stringify(await twoRounds(facts)));
  });

  test('leave files that came with the run alone, and stand beside them', async () => {
    const given = ['README.md', 'package.json', 'src/csv.ts', 'Tabular-Preprocessing/x'].map((path) => ({
      path,
      content: 'mine',
    }));
    const rounds = await twoRounds({ requirements: tabular, language }, given);
    expectOneImperfectRoundEach(rounds);
    expect(rounds.code.files.slice(0, given.length)).toEqual(given);
    expect(rounds.plan.files.every(({ path }) => path.startsWith('tabular-preprocessing-2/'))).toBe(true);
    expect(rounds.code.testCommand).toContain('tabular-preprocessing-2/');
  });

  test('take 100 KB of text', async () => {
    const requirements = `# Long\n${Array.from({ length: 2000 }, (_, n) => `- requirement number ${n} of many words`).join('\n')}`;
    let rounds = await twoRounds({ requirements: 'Greet.', language });
    await expect(async () => {
      rounds = await twoRounds({ requirements, language });
    }).toComputeWithin(5_000);
    expectOneImperfectRoundEach(rounds);
    expect(rounds.code.notes).toContain('NOT DONE: 1960 more points');
    expect(rounds.plan.openQuestions.join('\n')).toContain('1960 more points');
  });
});

describe('the shipped example', () => {
  const named = async (requirements: string) => {
    const { goal } = await planOf({ requirements, language: 'typescript' });
    return goal.startsWith('One small module') ? 'tabular-preprocessing' : 'requirement-checklist';
  };

  test('is known by what it asks for, also edited a little, in part, or in one sentence', async () => {
    expect(await named(tabular)).toBe('tabular-preprocessing');
    expect(await named('Create a new data preprocessing step for tabular data')).toBe('tabular-preprocessing');
    const edited = tabular
      .replace('Create a preprocessing step for tabular data', 'Tabular pre-processing')
      .replace('The module has no dependencies', 'The package shall have no dependencies')
      .replace(/^- A README.*\n/m, '')
      .replaceAll('\n', '\r\n');
    expect(await named(edited)).toBe('tabular-preprocessing');
  });

  test('is not taken for another text that has its words', async () => {
    expect(await named('Write a blog post about preprocessing tabular data.')).toBe('requirement-checklist');
    const others = '- Compare ten libraries.\n- Draw a chart.\n- Publish it on our blog.\n';
    expect(await named(`${tabular}\n${others}`)).toBe('requirement-checklist');
  });

  test('with a wish that was added is done but for that wish, which is named everywhere and costs points', async () => {
    const requirements = `${tabular}\n- Parquet files are read as well as CSV.\n`;
    const rounds = await twoRounds({ requirements, language: 'typescript' });
    expectOneImperfectRoundEach(rounds);
    const wish = 'Parquet files are read as well as CSV.';
    expect(rounds.plan.openQuestions.join('\n')).toContain(wish);
    expect(rounds.code.notes).toContain(`NOT DONE: R24 “${wish}”`);
    expect(rounds.code.files.find(({ path }) => path === 'README.md')?.content).toContain(
      `## Not done\n\n- R24 ${wish}`,
    );
    expect(rounds.planReview.scores.alignment).toBe(9.25);
    expect(rounds.codeReviews[0]?.scores.alignment).toBe(9.25);
  });

  test('has a first plan that forgets unseen categories and errors', async () => {
    const { firstPlan, firstPlanReview } = await twoRounds({ requirements: tabular, language: 'typescript' });
    expect(firstPlan.testPlan.join('\n')).not.toMatch(/not seen in training/);
    expect(firstPlanReview.issues.map(({ problem }) => problem).join('\n')).toMatch(/not seen in training/);
    expect(firstPlanReview.issues.map(({ place }) => place)).toContain('interfaces');
  });
});

describe('a text of one’s own', () => {
  test('is answered with a list of its requirements that says plainly what it is', async () => {
    const { code } = await twoRounds({ requirements: await example('rechnungspruefung.md'), language: 'typescript' });
    const textOf = (name: string) => code.files.find(({ path }) => path === name)?.content ?? '';
    expect(code.notes).toContain('no language model');
    expect(textOf('README.md')).toContain('**not an implementation of them**');
    expect(textOf('src/requirements.ts')).toContain('Kein Betrag wird ohne Freigabe durch einen Menschen gezahlt.');
    expect(textOf('src/requirements.ts')).not.toContain('[baton:');
  });
});

describe('reviews', () => {
  const facts = { requirements: tabular, language: 'typescript' } as const;

  test('find what is taken out of a good plan', async () => {
    const { plan } = await twoRounds(facts);
    const spoilt = {
      ...plan,
      goal: '',
      files: [
        ...plan.files.filter(({ path }) => !/test|README/.test(path)),
        { path: '../../etc/passwd', purpose: 'x' },
      ],
      interfaces: [],
      testPlan: plan.testPlan.slice(0, 3),
    };
    const { issues, scores, verdict } = await planReview(facts, spoilt, 4);
    expect(verdict).toBe('revise');
    expect(scores).toEqual({ alignment: 0, standardization: 3.25, compatibility: 5.5 });
    expect(issues.every(({ id }) => id.startsWith('P4.'))).toBe(true);
    expect(issues.map(({ place }) => place)).toEqual(
      expect.arrayContaining(['goal', 'files', 'interfaces', 'requirements R4']),
    );
    expect(issues.map(({ problem }) => problem).join()).toContain('../../etc/passwd');
    const mended = await planRevision(facts, spoilt, await planReview(facts, spoilt, 4));
    expect(await planReview(facts, mended, 5)).toMatchObject({ verdict: 'pass', issues: [] });
  });

  test('judge a plan in other words by its words', async () => {
    const requirements = '- Users can log in.\n- Passwords expire yearly.';
    const plan = {
      ...(await planOf({ requirements, language: 'typescript' })),
      components: [{ name: 'Login', purpose: 'Logging users in' }],
      testPlan: ['A wrong password is an error'],
    };
    const { issues } = await planReview({ requirements, language: 'typescript' }, plan, 1);
    expect(issues.map(({ problem }) => problem).join()).toContain('R2 “Passwords expire yearly.”');
    expect(issues.map(({ problem }) => problem).join()).not.toContain('R1');
  });

  test('find what is taken out of good code', async () => {
    const { plan, code } = await twoRounds(facts);
    const files = code.files.filter(({ path }) => !path.startsWith('test/') && path !== 'src/parameters.ts');
    const marked = files.map((file) =>
      file.path === 'src/csv.ts' ? { ...file, content: `// TODO\n${file.content}` } : file,
    );
    const [first, second] = await codeReviews(facts, plan, { ...code, files: marked, testCommand: '' }, 3);
    expect(first?.verdict).toBe('revise');
    expect(first?.issues.map(({ place }) => place)).toEqual(
      expect.arrayContaining(['src/parameters.ts', 'testCommand']),
    );
    expect(first?.issues.map(({ problem }) => problem)).toContain('There are no tests.');
    expect(second?.issues.map(({ place }) => place)).toContain('src/csv.ts');
  });
});

describe('what a person asks for', () => {
  const facts = { requirements: tabular, language: 'typescript' } as const;
  const comments = [{ id: 'H1', by: 'user:ada', comment: 'Leave the cache out.' }];

  test('is answered, kept in the plan as not done, and does not make the plan worse', async () => {
    const { plan } = await twoRounds(facts);
    const revised = await planRevision(facts, plan, await planReview(facts, plan, 2), comments);
    expect(revised.answers).toEqual([{ issueId: 'H1', answer: expect.stringContaining('does not understand') }]);
    expect(revised.openQuestions).toContainEqual(expect.stringMatching(/^H1: user:ada asked: “Leave the cache out\.”/));
    expect(await planReview(facts, revised, 3)).toMatchObject({ verdict: 'pass' });
  });

  test('is answered, and named in the notes of the code as not done', async () => {
    const { plan, code } = await twoRounds(facts);
    const { answer } = await refined(facts, plan, code, [], noFailure, comments);
    expect(answer.answers).toEqual([{ to: 'H1', answer: expect.stringContaining('does not understand') }]);
    expect(answer.notes).toContain('NOT DONE: H1 user:ada asked: “Leave the cache out.”');
  });
});

describe('the refinement', () => {
  const facts = { requirements: tabular, language: 'typescript' } as const;

  test('says so where it has nothing better', async () => {
    const { plan, code } = await twoRounds(facts);
    const { answer } = await refined(facts, plan, code, [], failedTests);
    expect(answer.changedFiles).toEqual([]);
    expect(answer.answers).toEqual([{ to: 'tests', answer: expect.stringContaining('does not know why tests fails') }]);
    expect(answer.notes).toContain('Nothing was changed');
  });

  test('keeps its hands off code it did not write', async () => {
    const { plan } = await twoRounds(facts);
    const code = { files: [{ path: 'src/other.ts', content: 'export {};' }], notes: '', testCommand: 'node --test' };
    const { answer } = await refined(facts, plan, code, [], noFailure);
    expect(answer.changedFiles).toEqual([]);
  });
});

describe('a call of the offline model', () => {
  const step1: ModelRequest = {
    ...request,
    template: { id: 'step1_initial_planner_prompt_template', version: '1.0.0' },
    variables: { requirements: 'Greet.' },
  };

  test('says who answered, and that no token was used', async () => {
    const response = await createOfflineModel({ delayMs: 0 })(step1, new AbortController().signal);
    expect(response).toMatchObject({ model: 'offline', stopReason: 'end_turn', requestId: null });
    expect(response.usage).toEqual({ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 });
  });

  test('waits as long as it is told, and not longer than its signal', async () => {
    const begun = performance.now();
    await createOfflineModel({ delayMs: 60 })(step1, new AbortController().signal);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(55);
    const cut = createOfflineModel({ delayMs: 60_000 })(step1, AbortSignal.timeout(10));
    await expect(cut).rejects.toBeInstanceOf(RetryableError);
    await expect(cut).rejects.toMatchObject({ code: 'model-aborted' });
  });

  test('with a template it has no script for, or without requirements, is a final error', async () => {
    await expect(answerText('toString', { requirements: 'x' })).rejects.toBeInstanceOf(TerminalError);
    await expect(answerText('step9', { requirements: 'x' })).rejects.toMatchObject({
      code: 'offline-unknown-template',
    });
    await expect(answerText('step1_initial_planner_prompt_template', {})).rejects.toMatchObject({
      code: 'offline-bad-variables',
    });
  });

  test('takes variables that are JSON text, as a prompt may be filled with', async () => {
    const plan = await planOf({ requirements: 'Greet.', language: 'python' });
    const variables = { requirements: 'Greet.', language: 'python', round: '2' };
    const id = 'step2_plan_validator_prompt_template';
    expect(await answerText(id, { ...variables, plan: JSON.stringify(plan) })).toBe(
      await answerText(id, { ...variables, plan: JSON.parse(JSON.stringify(plan)) }),
    );
  });
});
