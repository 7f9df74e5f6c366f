import { BatonError, type Json } from '@baton/contracts';
import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import type { Call, ToolPorts } from '../tool.js';
import { planVersions } from '../tools/plans.js';

const MOST_LISTED = 50;
const MOST_EVENTS = 1_000;

interface Listed {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
}

interface Source {
  readonly name: string;
  readonly template: string;
  readonly title: string;
  readonly description: string;
  /** Absent where nobody lists them all. */
  readonly list?: (ports: ToolPorts, signal: AbortSignal) => Promise<readonly Listed[]>;
  readonly read: (
    ports: ToolPorts,
    part: (name: string) => string,
    signal: AbortSignal,
  ) => Promise<Json | string | null>;
}

const runUri = (runId: string): string => `baton://runs/${runId}`;

const listedRuns = async ({ api }: ToolPorts, signal: AbortSignal) =>
  (await api.get('/v1/runs', { params: { query: { limit: MOST_LISTED } }, signal })).runs;

/** What can be read, by its address. What is finite is listed; of runs and their logs the newest are. */
const SOURCES: readonly Source[] = [
  {
    name: 'run',
    template: 'baton://runs/{runId}',
    title: 'A run',
    description: 'A run as it stands now; the newest are listed.',
    list: async (ports, signal) =>
      (await listedRuns(ports, signal)).map(({ runId, workflow, title, status }) => ({
        uri: runUri(runId),
        name: `${workflow} ${runId}`,
        title: `${title ?? workflow} (${status})`,
      })),
    read: async ({ api }, part, signal) =>
      asJson(await api.get('/v1/runs/{id}', { params: { path: { id: part('runId') } }, signal })),
  },
  {
    name: 'run-events',
    template: 'baton://runs/{runId}/events',
    title: 'The log of a run',
    description: `Its first ${MOST_EVENTS} events, each with a sentence; the tool get_events leads on.`,
    read: async ({ api }, part, signal) => {
      const params = { path: { id: part('runId') }, query: { limit: MOST_EVENTS } };
      const { events, next } = await api.get('/v1/runs/{id}/events', { params, signal });
      const lines = events.map(
        ({ version, recordedAt, type, summary }) => `${version} ${recordedAt} ${type}: ${summary}`,
      );
      return [...lines, ...(next === null ? [] : ['… there are more'])].join('\n');
    },
  },
  {
    name: 'run-plan',
    template: 'baton://runs/{runId}/plans/{version}',
    title: 'A plan of a run',
    description: 'A plan by its number, from 1; `latest` for the newest.',
    read: async (ports, part, signal) => {
      const { versions: all, readTo } = await planVersions(ports, part('runId'), signal);
      const wanted = part('version');
      if (wanted === 'latest' && readTo !== null)
        throw new BatonError(`The log of the run is longer than is looked at for plans: up to event ${readTo}.`, {
          code: 'log-too-long',
          next: `Ask for one of the ${all.length} up to there by its number, or read on with get_events.`,
        });
      return (wanted === 'latest' ? all.at(-1) : all.find(({ version }) => String(version) === wanted))?.plan ?? null;
    },
  },
  {
    name: 'run-knowledge',
    template: 'baton://runs/{runId}/knowledge',
    title: 'What a run read',
    description: 'Which documentation the tasks of an ended run read, by hash and lines, and what could not be read.',
    read: async ({ api }, part, signal) =>
      asJson((await api.get('/v1/runs/{id}/result', { params: { path: { id: part('runId') } }, signal })).knowledge),
  },
  {
    name: 'workflow',
    template: 'baton://workflows/{ref}',
    title: 'A workflow',
    description: 'The document of a workflow, by name or name@version.',
    list: async ({ api }, signal) =>
      (await api.get('/v1/workflows', { signal })).workflows.map(({ name, version, title }) => ({
        uri: `baton://workflows/${name}@${version}`,
        name: `${name}@${version}`,
        ...(title === null ? {} : { title }),
      })),
    read: async ({ api }, part, signal) =>
      (await api.get('/v1/workflows/{ref}', { params: { path: { ref: part('ref') } }, signal })).document,
  },
  {
    name: 'template',
    template: 'baton://templates/{id}',
    title: 'A template',
    description: 'The text that models are asked with, as it is in use.',
    list: async ({ api }, signal) => {
      const { templates } = await api.get('/v1/templates', { signal });
      const used = templates.filter(({ isReplaced, variant }) => !isReplaced && variant === 'main');
      return used.map(({ id, title }) => ({ uri: `baton://templates/${id}`, name: id, title }));
    },
    read: async ({ api }, part, signal) => {
      const id = part('id');
      const { versions } = await api.get('/v1/templates/{id}', { params: { path: { id } }, signal });
      const shown = versions.find(({ variant, status }) => variant === 'main' && status === 'in-use') ?? versions[0];
      if (shown === undefined) return null;
      const path = { id, sha256: shown.sha256 };
      return (await api.get('/v1/templates/{id}/texts/{sha256}', { params: { path }, signal })).text;
    },
  },
];

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** Makes all of it readable. */
export function registerResources(server: McpServer, ports: ToolPorts, callOf: (context: never) => Call): void {
  for (const { name, template, title, description, list, read } of SOURCES) {
    const listed =
      list === undefined
        ? undefined
        : async (context: unknown) => ({
            resources: [...(await list(ports, callOf(context as never).signal))].map((each) => ({ ...each })),
          });
    const config = { title, description, mimeType: 'text/plain' };
    server.registerResource(
      name,
      new ResourceTemplate(template, { list: listed }),
      config,
      async (uri, variables, context) => {
        const part = (wanted: string): string => decodeURIComponent(String(variables[wanted] ?? ''));
        const value = await told(read(ports, part, callOf(context as never).signal));
        if (value === null) throw new ResourceNotFoundError(uri.href);
        const isText = typeof value === 'string';
        const text = isText ? value : JSON.stringify(value, null, 2);
        return { contents: [{ uri: uri.href, mimeType: isText ? 'text/plain' : 'application/json', text }] };
      },
    );
  }
}

/** Refusals as errors of the protocol, with what to do. */
async function told<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${thrown.message} ${thrown.next ?? ''}`.trim());
  }
}
