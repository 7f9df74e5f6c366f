import { BatonError, Json } from '@baton/contracts';
import { z } from 'zod';
import { bounded, cutTo, LeftOut, RunId, Url } from '../shapes.js';
import { LOOK, type Tool, toolOf } from '../tool.js';
import { planVersions } from './plans.js';

const getPlan = toolOf({
  name: 'get_plan',
  title: 'Read the plan of a run',
  description: 'A plan that the planner of a run handed in: the newest, or the version that is asked for, from 1.',
  input: z.strictObject({ runId: RunId, version: z.int().positive().optional() }),
  output: z.object({
    runId: z.string(),
    versions: z.array(z.object({ version: z.int(), event: z.int(), at: z.string() })),
    version: z.int().nullable().describe('of the plan that is shown; null where there is none yet'),
    readTo: z
      .int()
      .nullable()
      .describe(
        'where the log is longer than is looked at: the event up to which plans were found, later ones are not here',
      ),
    plan: Json,
    leftOutCharacters: LeftOut,
    url: Url,
  }),
  route: 'GET /v1/events',
  roles: LOOK,
  effect: 'looks',
  run: async (ports, { runId, version }, { signal }) => {
    const { versions: all, readTo } = await planVersions(ports, runId, signal);
    const cut = readTo === null ? '' : ` The log was read up to event ${readTo}; get_events has what came later.`;
    const shown = version === undefined ? all.at(-1) : all.find((each) => each.version === version);
    if (shown === undefined && version !== undefined) {
      throw new BatonError(
        `Run ${runId} has ${all.length} versions of a plan, and none of the number ${version}.${cut}`,
        {
          code: 'no-such-plan',
          next: 'Leave version out for the newest.',
        },
      );
    }
    const { value, leftOutCharacters } = bounded(shown?.plan ?? null);
    const url = `${ports.dashboardUrl}/runs/${runId}`;
    return {
      value: {
        ...{ runId, version: shown?.version ?? null, plan: value, leftOutCharacters, readTo, url },
        versions: all.map(({ version: number, event, at }) => ({ version: number, event, at })),
      },
      text:
        shown === undefined
          ? `Run ${runId} has no plan.${cut}`
          : `Version ${shown.version} of ${all.length}, from event ${shown.event}.${cut}\n${cutTo(JSON.stringify(shown.plan, null, 2), 20_000)}`,
      page: `/runs/${runId}`,
    };
  },
});

const getResult = toolOf({
  name: 'get_result',
  title: 'Read the result of a run',
  description:
    'What a run that has ended came to: its output, or its error with what was unfinished. Where the output is too long, files has what it made: ask for one by its path.',
  input: z.strictObject({
    runId: RunId,
    file: z.string().min(1).max(1_000).optional().describe('the path of one file of the result, to read it'),
  }),
  output: z.object({
    runId: z.string(),
    status: z.string(),
    output: Json,
    leftOutCharacters: LeftOut,
    unfinished: Json,
    error: z.string().nullable(),
    cause: z.string().nullable(),
    files: z.array(z.object({ path: z.string(), size: z.int() })),
    text: z.string().nullable().describe('of the file that was asked for'),
    url: Url,
  }),
  route: 'GET /v1/runs/:id/result',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { runId, file }, { signal }) => {
    const path = { id: runId };
    const result = await api.get('/v1/runs/{id}/result', { params: { path }, signal });
    const { artifacts } = await api.get('/v1/runs/{id}/artifacts', { params: { path }, signal });
    const text =
      file === undefined
        ? null
        : await api.get('/v1/runs/{id}/artifacts/{path}', {
            params: { path: { ...path, path: file } },
            parseAs: 'text',
            signal,
          });
    const output = bounded(file === undefined ? result.output : null);
    const unfinished = bounded(file === undefined ? result.unfinished : null);
    const { status, error, cause } = result;
    const shown = text === null ? JSON.stringify(output.value ?? unfinished.value, null, 2) : String(text);
    const cutShort = output.leftOutCharacters === null ? '' : ' The output is too long; ask for its files.';
    return {
      value: {
        ...{ runId: result.runId, status, error },
        output: output.value,
        leftOutCharacters: output.leftOutCharacters,
        unfinished: unfinished.value,
        cause: cause === null ? null : cutTo(cause),
        files: artifacts.map((each) => ({ path: each.path, size: each.size })),
        text: text === null ? null : cutTo(String(text), 200_000),
        url: `${dashboardUrl}/runs/${result.runId}`,
      },
      text: `Run ${result.runId} is ${status}${error === null ? '' : `, ${error}: ${cutTo(cause ?? '')}`}.${cutShort}\n${cutTo(shown, 20_000)}`,
      page: `/runs/${result.runId}`,
    };
  },
});

export const workTools: readonly Tool[] = [getPlan, getResult];
