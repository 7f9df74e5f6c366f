import { describe, expect, it } from 'vitest';
import { Implementation, isModelOutputName, jsonSchemaOf, modelOutputs, Plan, Review } from './outputs.js';

const review = {
  scores: { alignment: 9, standardization: 8.5, compatibility: 8 },
  issues: [],
  verdict: 'pass',
  summary: 'good',
};
const issue = { id: 'P1', severity: 'minor', place: 'files', problem: 'x', fix: 'y' };

describe('the outputs of the agents', () => {
  it('refuses a score above 10 and one below 0', () => {
    expect(Review.safeParse(review).success).toBe(true);
    expect(Review.safeParse({ ...review, scores: { ...review.scores, alignment: 10.5 } }).success).toBe(false);
    expect(Review.safeParse({ ...review, scores: { ...review.scores, alignment: -1 } }).success).toBe(false);
  });

  it('refuses a review that uses an issue id twice, and names the id', () => {
    const result = Review.safeParse({ ...review, issues: [issue, { ...issue, place: 'tests' }] });
    expect(result.error?.issues[0]?.message).toContain('"P1"');
  });

  it('refuses a plan without files', () => {
    const plan = {
      goal: 'g',
      components: [{ name: 'a', purpose: 'b' }],
      files: [],
      interfaces: [],
      testPlan: ['t'],
      risks: [],
      openQuestions: [],
      answers: [],
    };
    expect(Plan.safeParse(plan).success).toBe(false);
    expect(Plan.safeParse({ ...plan, files: [{ path: 'a.ts', purpose: 'b' }] }).success).toBe(true);
  });

  it('refuses an implementation that would write outside its folder', () => {
    const result = Implementation.safeParse({
      files: [{ path: '../a.ts', content: '' }],
      notes: '',
      testCommand: 'node --test',
    });
    expect(result.error?.issues[0]?.message).toContain('".."');
  });

  it('asks for what was found before what is made of it', () => {
    const keysOf = (name: 'Review' | 'Advice') => Object.keys(jsonSchemaOf(name).properties ?? {});
    expect(keysOf('Review')).toEqual(['issues', 'summary', 'scores', 'verdict']);
    expect(keysOf('Advice').slice(0, 2)).toEqual(['rationale', 'move']);
  });

  it('gives a closed JSON Schema for each output, and knows the names', () => {
    for (const name of Object.keys(modelOutputs)) {
      if (!isModelOutputName(name)) throw new Error(name);
      const schema = jsonSchemaOf(name);
      expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(Object.keys(schema)).not.toContain('$schema');
    }
    expect(isModelOutputName('toString')).toBe(false);
  });
});
