import { expect, test } from 'vitest';
import { parse } from 'yaml';
import buildWebsite from '../../../../workflows/build-website.yaml?raw';
import mlPipeline from '../../../../workflows/ml-pipeline.yaml?raw';
import parallelResearch from '../../../../workflows/parallel-research.yaml?raw';
import report from '../../../../workflows/report.yaml?raw';
import sentimentRouting from '../../../../workflows/sentiment-routing.yaml?raw';
import supportRouting from '../../../../workflows/support-routing.yaml?raw';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';

test.each([buildWebsite, mlPipeline, parallelResearch, report, sentimentRouting, supportRouting])(
  'the shipped document has no findings',
  (text) => {
    expect(parseWorkflowDocument(parse(text))).toMatchObject({ ok: true, findings: [] });
  },
);
