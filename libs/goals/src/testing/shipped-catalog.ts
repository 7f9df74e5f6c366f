import type { JsonObject } from '@baton/asl';
import { GoalCatalog } from '@baton/contracts';
import { parse } from 'yaml';
import buildWebsite from '../../../../workflows/build-website.yaml?raw';
import deliveryPipeline from '../../../../workflows/delivery-pipeline.yaml?raw';
import mlPipeline from '../../../../workflows/ml-pipeline.yaml?raw';
import parallelResearch from '../../../../workflows/parallel-research.yaml?raw';
import report from '../../../../workflows/report.yaml?raw';
import sentimentRouting from '../../../../workflows/sentiment-routing.yaml?raw';
import sevenStep from '../../../../workflows/seven-step.yaml?raw';
import supportRouting from '../../../../workflows/support-routing.yaml?raw';
import toolRouter from '../../../../workflows/tool-router.yaml?raw';

const SHIPPED = [
  ...[buildWebsite, deliveryPipeline, mlPipeline, parallelResearch, report, sentimentRouting, sevenStep],
  ...[supportRouting, toolRouter],
];

const object = (properties: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});

export const worker = (kind: string, description: string, input: JsonObject | null, over: object = {}) => ({
  kind,
  description,
  isAlive: true,
  input,
  output: null,
  past: null,
  ...over,
});

/** The workflows that ship, two workers of a user's and some of Baton's own, as the gateway would say them. */
export function shippedCatalog(over: Partial<GoalCatalog> = {}): GoalCatalog {
  return GoalCatalog.parse({
    workers: [
      worker('advisor', 'Picks a legal move where a decision is not ordinary.', object({ move: { type: 'string' } })),
      worker('deployer', 'Deploys what a person approved.', object({ target: { type: 'string' } })),
      worker(
        'planner',
        'Makes plans, and revises them. Its model: offline.',
        object({ template: { const: 'step1_initial_planner_prompt_template' }, requirements: { type: 'string' } }),
        { output: object({ goal: { type: 'string' }, files: { type: 'array' } }) },
      ),
      worker(
        'prompt',
        'Answers single questions, in the shape of a JSON Schema.',
        object({ prompt: { type: 'string' } }),
      ),
      worker('text-statistics', 'Counts the words and sentences of a text.', object({ text: { type: 'string' } })),
      worker('translator', 'Translates a text into another language.', object({ text: { type: 'string' } }), {
        output: object({ text: { type: 'string' } }),
      }),
    ],
    workflows: SHIPPED.map((text) => {
      const { name, version, title, description, input } = parse(text);
      const ref = `${name}@${version}`;
      const facts = { lacksWorkers: [], budgetUsd: null, past: null, sha256: '0'.repeat(64) };
      return { ref, title, description, input, ...facts };
    }),
    leftOff: 0,
    ...over,
  });
}
