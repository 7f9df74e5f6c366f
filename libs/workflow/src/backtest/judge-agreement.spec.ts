import { describe, expect, test } from 'vitest';
import { agreementOf, cohensKappa, JudgeTally } from './judge-agreement.js';

const cells = (bothPass: number, bothFail: number, falsePasses: number, falseAlarms: number) => ({
  bothPass,
  bothFail,
  falsePasses,
  falseAlarms,
});

describe("Cohen's κ", () => {
  test.each([
    // pₒ = 35/50 = 0.7; pₑ = 0.5·0.6 + 0.5·0.4 = 0.5; κ = 0.2/0.5.
    ['half way between chance and certainty', cells(20, 15, 5, 10), 0.4],
    // pₒ = 1; pₑ = 0.7² + 0.3² = 0.58; κ = 0.42/0.42.
    ['full agreement', cells(7, 3, 0, 0), 1],
    // pₒ = 0; pₑ = 0.5·0.5 + 0.5·0.5 = 0.5; κ = −0.5/0.5.
    ['the opposite, every time', cells(0, 0, 5, 5), -1],
    // pₒ = 0.5; pₑ = 0.5; κ = 0.
    ['a coin', cells(5, 5, 5, 5), 0],
    // pₒ = 0.9; pₑ = 1·0.9 + 0·0.1 = 0.9; κ = 0: who passes everything agrees often, and knows nothing.
    ['a judge that passes everything', cells(9, 0, 1, 0), 0],
    // pₒ = 60/100 = 0.6; pₑ = 0.7·0.6 + 0.3·0.4 = 0.54; κ = 0.06/0.46.
    ['hardly better than chance', cells(45, 15, 25, 15), 0.06 / 0.46],
  ])('%s', (_what, verdicts, kappa) => {
    expect(cohensKappa(verdicts)).toBeCloseTo(kappa, 12);
  });

  test.each([
    ['no verdict', cells(0, 0, 0, 0), 'there is no verdict'],
    ['nothing ever failed', cells(8, 0, 0, 0), 'judge and tools passed everything'],
    ['nothing ever passed', cells(0, 3, 0, 0), 'judge and tools failed everything'],
  ])('is not defined where %s', (_what, verdicts, reason) => {
    expect(cohensKappa(verdicts)).toContain(reason);
  });
});

test('the figures of a judge: share, false passes and false alarms', () => {
  expect(agreementOf(cells(20, 15, 5, 10))).toMatchObject({ n: 50, agreement: 0.7, falsePasses: 5, falseAlarms: 10 });
  expect(agreementOf(cells(2, 0, 0, 0))).toMatchObject({ n: 2, agreement: 1, kappa: null });
});

describe('the tally', () => {
  const facts = { errorCount: 0, thresholds: null, maxRounds: null };
  const judge = (model: string, passes: boolean, template = 'step5a@1') => ({ judge: 'a', template, model, passes });

  test('counts by template and model, most verdicts first, and leaves out what no tool looked at', () => {
    const tally = new JudgeTally();
    tally.add({ facts: { ...facts, failingTools: [], judges: [judge('m1', true), judge('m2', false)] } });
    tally.add({ facts: { ...facts, failingTools: ['tests'], judges: [judge('m1', true)] } });
    tally.add({ facts: { ...facts, failingTools: ['tests'], judges: [judge('m1', false, 'step5a@2')] } });
    tally.add({ facts: { ...facts, failingTools: null, judges: [judge('m1', true)] } });
    tally.add({ facts: { ...facts, failingTools: [] } });
    tally.add({});
    expect(tally.result()).toMatchObject([
      { template: 'step5a@1', model: 'm1', n: 2, agreement: 0.5, falsePasses: 1, falseAlarms: 0, kappa: 0 },
      { template: 'step5a@1', model: 'm2', n: 1, agreement: 0, falsePasses: 0, falseAlarms: 1, kappa: 0 },
      { template: 'step5a@2', model: 'm1', n: 1, agreement: 1, falsePasses: 0, falseAlarms: 0, kappa: null },
    ]);
  });

  test('keeps the variants of a template apart, and knows none in records of before', () => {
    const tally = new JudgeTally();
    const by = (variant: string, passes: boolean) => ({ ...judge('m1', passes), variant });
    tally.add({ facts: { ...facts, failingTools: [], judges: [by('main', true), by('strict', false)] } });
    tally.add({ facts: { ...facts, failingTools: ['tests'], judges: [by('strict', false), judge('m1', true)] } });
    expect(tally.result()).toMatchObject([
      { variant: 'strict', n: 2, agreement: 0.5, falseAlarms: 1 },
      { variant: null, n: 1, falsePasses: 1 },
      { variant: 'main', n: 1, agreement: 1 },
    ]);
  });

  test('knows nothing where nobody was judged', () => {
    expect(new JudgeTally().result()).toEqual([]);
  });
});
