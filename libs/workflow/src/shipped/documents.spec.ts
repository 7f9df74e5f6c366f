import { expect, test } from 'vitest';
import { parse } from 'yaml';
import buildWebsite from '../../../../workflows/build-website.yaml?raw';
import deliveryPipeline from '../../../../workflows/delivery-pipeline.yaml?raw';
import goal from '../../../../workflows/goal.yaml?raw';
import mlPipeline from '../../../../workflows/ml-pipeline.yaml?raw';
import parallelResearch from '../../../../workflows/parallel-research.yaml?raw';
import report from '../../../../workflows/report.yaml?raw';
import sentimentRouting from '../../../../workflows/sentiment-routing.yaml?raw';
import sevenStep from '../../../../workflows/seven-step.yaml?raw';
import supportRouting from '../../../../workflows/support-routing.yaml?raw';
import toolRouter from '../../../../workflows/tool-router.yaml?raw';
import { checkPublication } from '../checks/check-publication.js';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';

test.each([
  buildWebsite,
  deliveryPipeline,
  goal,
  mlPipeline,
  parallelResearch,
  report,
  sentimentRouting,
  sevenStep,
  supportRouting,
  toolRouter,
])('the shipped document has no findings', (text) => {
  const parsed = parseWorkflowDocument(parse(text));
  expect(parsed).toMatchObject({ ok: true, findings: [] });
  expect(parsed.ok && checkPublication(parsed.document)).toEqual([]);
});
