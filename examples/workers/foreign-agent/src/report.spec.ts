import { describe, expect, it } from 'vitest';
import { readReport } from './report.ts';

const usage = { inputTokens: 5, outputTokens: 2 };

describe('what a foreign agent says of its work', () => {
  it('is in its report file, or in the last line that it prints', () => {
    const said = { report: { usage: { ...usage, costUsd: null }, answers: [] }, problem: null };
    expect(readReport(JSON.stringify({ usage }), '')).toEqual(said);
    expect(readReport(null, `working\n${JSON.stringify({ usage })}\n\n`)).toEqual(said);
    expect(readReport(null, '{ not meant\nall done')).toEqual({ report: { answers: [] }, problem: null });
  });

  it.each([
    ['{ "usage": { "inputTokens": -1, "outputTokens": 0 } }', 'usage.inputTokens'],
    ['{ "usage": { "inputTokens": 1 } }', 'usage.outputTokens'],
    ['{ "usage"', 'it is no JSON'],
  ])('is unknown where it is %s, which is told', (file, problem) => {
    const read = readReport(file, '');
    expect(read.report).toEqual({ answers: [] });
    expect(read.problem).toContain(problem);
  });
});
