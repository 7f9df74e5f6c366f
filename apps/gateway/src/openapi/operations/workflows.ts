import {
  ConsiderBody,
  Considered,
  JsonObject,
  WorkflowList,
  WorkflowPublished,
  WorkflowValidation,
  WorkflowView,
  WorkflowWithdrawn,
} from '@baton/contracts';
import { GraphQuery } from '../../http/queries.js';
import type { Answer, Operations } from '../operation.js';

const DOCUMENT = {
  body: JsonObject,
  rawBody: { types: ['application/yaml'], description: 'The document as it is written.' },
} as const;

const GRAPH: Answer = {
  description: 'The graph, as `format` asks.',
  texts: { 'text/vnd.mermaid': 'A Mermaid flowchart.', 'text/plain': 'Lines of text.' },
};

export const workflowOperations: Operations = {
  'GET /v1/workflows': {
    id: 'listWorkflows',
    tag: 'workflows',
    summary: 'List the versions of all workflows',
    answers: { 200: { description: 'By name, newest version first.', schema: WorkflowList } },
  },
  'POST /v1/workflows': {
    id: 'publishWorkflow',
    tag: 'workflows',
    summary: 'Publish a workflow document, for ever',
    ...DOCUMENT,
    answers: {
      200: { description: 'The same content was there.', schema: WorkflowPublished, headers: ['Location'] },
      201: { description: 'It was published.', schema: WorkflowPublished, headers: ['Location'] },
    },
    refusals: [409, 422],
  },
  'POST /v1/workflows/validate': {
    id: 'validateWorkflow',
    tag: 'workflows',
    summary: 'Check a document without publishing it',
    ...DOCUMENT,
    answers: { 200: { description: 'What is wrong or doubtful in it.', schema: WorkflowValidation } },
    refusals: [422],
  },
  'POST /v1/workflows/graph': {
    id: 'drawDocument',
    tag: 'workflows',
    summary: 'Draw a document that need not be published',
    query: GraphQuery,
    ...DOCUMENT,
    answers: { 200: GRAPH },
    refusals: [422],
  },
  'POST /v1/workflows/consider': {
    id: 'considerState',
    tag: 'workflows',
    summary: 'What the engine would do from a state that is handed in',
    description:
      'From a state of a workflow (`workflow` and `at`), a log (`events`) or a run (`run`), with or without what came of a task. Nothing of it is done, and nothing is stored.',
    body: ConsiderBody,
    answers: { 200: { description: 'The decision of the rules, and every other legal move.', schema: Considered } },
    refusals: [404, 409, 422],
  },
  'GET /v1/workflows/:ref': {
    id: 'getWorkflow',
    tag: 'workflows',
    summary: 'A workflow with its document',
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'The workflow.', schema: WorkflowView, headers: ['ETag'] },
      304: { description: 'It is what If-None-Match names.' },
    },
    refusals: [404],
  },
  'GET /v1/workflows/:ref/graph': {
    id: 'drawWorkflow',
    tag: 'workflows',
    summary: 'Draw a workflow',
    query: GraphQuery,
    answers: { 200: GRAPH },
    refusals: [404],
  },
  'POST /v1/workflows/:ref/withdraw': {
    id: 'withdrawWorkflow',
    tag: 'workflows',
    summary: 'Offer a workflow, or one version of it, to nobody any more',
    answers: { 200: { description: 'The versions that are withdrawn.', schema: WorkflowWithdrawn } },
    refusals: [404, 409],
  },
};
