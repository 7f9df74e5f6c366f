import { ConsiderBody, Considered, Json, JsonObject, WorkflowFinding } from '@baton/contracts';
import { z } from 'zod';
import { bounded, cutTo, LeftOut, Url } from '../shapes.js';
import { LOOK, type Tool, toolOf } from '../tool.js';

const Ref = z.string().min(1).max(200).describe('name for the newest version, or name@version');
const Document = JsonObject.describe('a workflow document: Amazon States Language in `definition`');

const listWorkflows = toolOf({
  name: 'list_workflows',
  title: 'List workflows',
  description: 'The workflows that runs can be submitted to.',
  input: z.strictObject({}),
  output: z.object({
    workflows: z.array(
      z.object({ ref: z.string(), title: z.string().nullable(), problem: z.string().nullable(), url: Url }),
    ),
  }),
  route: 'GET /v1/workflows',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, _, { signal }) => {
    const list = await api.get('/v1/workflows', { signal });
    const workflows = list.workflows.map(({ name, version, title, problem }) => ({
      ...{ ref: `${name}@${version}`, title, problem },
      url: `${dashboardUrl}/workflows/${name}@${version}`,
    }));
    const text = workflows.map(({ ref, title }) => `${ref} ${title ?? ''}`.trim()).join('\n');
    return { value: { workflows }, text: text === '' ? 'There are none.' : text, page: '/workflows' };
  },
});

const getWorkflow = toolOf({
  name: 'get_workflow',
  title: 'Read a workflow',
  description: 'The document of a workflow; `input` in it is the schema of what submit_run takes.',
  input: z.strictObject({ workflow: Ref }),
  output: z.object({ ref: z.string(), sha256: z.string(), document: Json, leftOutCharacters: LeftOut, url: Url }),
  route: 'GET /v1/workflows/:ref',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { workflow }, { signal }) => {
    const found = await api.get('/v1/workflows/{ref}', { params: { path: { ref: workflow } }, signal });
    const ref = `${found.name}@${found.version}`;
    const { value, leftOutCharacters } = bounded(found.document);
    const schema = JSON.stringify(found.document.input ?? {}, null, 2);
    return {
      value: { ref, sha256: found.sha256, document: value, leftOutCharacters, url: `${dashboardUrl}/workflows/${ref}` },
      text: `${ref}: ${found.title ?? ''}\nThe schema of its input:\n${cutTo(schema, 10_000)}`,
      page: `/workflows/${ref}`,
    };
  },
});

const Validated = z.object({ valid: z.boolean(), findings: z.array(WorkflowFinding) });

const sayFindings = (findings: readonly WorkflowFinding[]): string =>
  findings
    .map(({ severity, pointer, message }) => `${severity} at ${pointer === '' ? '/' : pointer}: ${message}`)
    .join('\n');

const validateWorkflow = toolOf({
  name: 'validate_workflow',
  title: 'Check a workflow document',
  description: 'Everything that is wrong or doubtful in a document, each with its place. Nothing is published.',
  input: z.strictObject({ document: Document }),
  output: Validated,
  route: 'POST /v1/workflows/validate',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api }, { document }, { signal }) => {
    const value = await api.post('/v1/workflows/validate', { body: document, signal });
    const head = value.valid ? 'The document is valid.' : 'The document cannot be published.';
    return { value, text: [head, sayFindings(value.findings)].join('\n').trim(), page: '/workflows' };
  },
});

const publishWorkflow = toolOf({
  name: 'publish_workflow',
  title: 'Publish a workflow document',
  description:
    'Publishes a document for ever under its name and version, so that runs can be submitted to it. Validate first.',
  input: z.strictObject({ document: Document }),
  output: z.object({
    ref: z.string(),
    sha256: z.string(),
    status: z.string(),
    findings: z.array(WorkflowFinding),
    url: Url,
  }),
  route: 'POST /v1/workflows',
  roles: ['operator'],
  effect: 'changes',
  isIdempotent: true,
  run: async ({ api, dashboardUrl }, { document }, { signal }) => {
    const { name, version, sha256, status, findings } = await api.post('/v1/workflows', {
      body: document,
      signal,
    });
    const ref = `${name}@${version}`;
    const url = `${dashboardUrl}/workflows/${ref}`;
    const text = `${ref} ${status === 'published' ? 'is published' : 'was there already, with the same content'}.`;
    return { value: { ref, sha256, status, findings, url }, text, page: `/workflows/${ref}` };
  },
});

const considerState = toolOf({
  name: 'consider_state',
  title: 'Ask the orchestrator what follows',
  description:
    'What the engine would do from a state that you hand in, decided by its rules alone: the decision with its reason, every other legal move, which moves a bound forbids and why, and what would have to be done next. Nothing is done and nothing is stored. Give one of: workflow with at (a state as it is about to begin), events (a log), or run. outcome says what came of the task that is open.',
  input: ConsiderBody,
  output: Considered,
  route: 'POST /v1/workflows/consider',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api }, body, { signal }) => {
    const value = await api.post('/v1/workflows/consider', { body, signal });
    const { question, decisions, waitsFor, status, error } = value;
    const moves = question === null ? [] : [`Legal moves: ${question.moves.map(({ id }) => id).join(', ')}.`];
    const decided = decisions.map(
      ({ point, target, actionType, rationale }) => `At ${point.state}: ${target ?? actionType}, because ${rationale}.`,
    );
    const waits = waitsFor.map(({ state, resource }) => `Then ${state} waits for ${resource ?? 'its time'}.`);
    const ended = status === 'running' ? [] : [`The run is ${status}${error === null ? '' : ` with ${error}`}.`];
    const text = [...decided, ...moves, ...waits, ...ended].join('\n');
    return { value, text: text === '' ? 'Nothing follows by itself.' : text };
  },
});

export const workflowTools: readonly Tool[] = [
  listWorkflows,
  getWorkflow,
  validateWorkflow,
  publishWorkflow,
  considerState,
];
