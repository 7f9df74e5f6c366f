import {
  AnomalyMeasure,
  AnomalyView,
  BatonError,
  type Expectation,
  type Outlook,
  Recommendation,
  RecommendationReport,
  RunExpectation,
  WorkflowExpectation,
} from '@baton/contracts';
import { z } from 'zod';
import { cutTo, RunId, Url } from '../shapes.js';
import { LOOK, type Tool, toolOf } from '../tool.js';

const FORESIGHT = '/foresight';
const PAGE = '/recommendations';
const Workflow = z.string().min(1).max(100);
const Time = z.iso.datetime({ offset: true }).optional();

const secondsOf = (ms: number): string => `${(ms / 1_000).toPrecision(3)} s`;

function sayExpectation(expected: Expectation): string {
  if (expected.status === 'not-enough')
    return `Too few runs have ended to say anything: ${expected.sampleSize} of ${expected.needed}`;
  const { durationMs, costUsd, success, sampleSize } = expected;
  const cost = costUsd === null ? '' : `, costs ${costUsd.p50.toPrecision(2)} USD (to ${costUsd.p90.toPrecision(2)})`;
  return `From ${sampleSize} runs: it takes ${secondsOf(durationMs.p50)} (to ${secondsOf(durationMs.p90)})${cost}, and ${Math.round(success.rate * 100)} % of such runs succeeded`;
}

function sayOutlook(now: Outlook): string {
  switch (now.status) {
    case 'known':
      return `It ends in ${secondsOf(now.endsInMs.p50)} (to ${secondsOf(now.endsInMs.p90)}), and ${Math.round(now.success.rate * 100)} % of such runs succeeded`;
    case 'beyond-history':
      return `It has taken longer than all but ${now.longer} of ${now.sampleSize} runs`;
    case 'not-comparable':
      return 'It is like no other run';
    case 'not-enough':
      return sayExpectation(now);
  }
}

const getExpectation = toolOf({
  name: 'get_expectation',
  title: 'What a run will take',
  description:
    'Time, money and the chance of success, from runs of the workflow that ended, with how many those are. Give a workflow before you submit to it, or runId for a run: what was expected when it began, what is expected now, and what came.',
  input: z.strictObject({
    runId: RunId.optional(),
    workflow: Workflow.optional().describe('its name'),
    version: z.string().max(40).optional().describe('of the workflow; the newest without it'),
    inputBytes: z.int().nonnegative().optional().describe('how long the input is as JSON'),
  }),
  output: z.object({ ofWorkflow: WorkflowExpectation.nullable(), ofRun: RunExpectation.nullable(), url: Url }),
  route: 'GET /v1/foresight/expectations',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { runId, workflow, version, inputBytes }, { signal }) => {
    if ((runId === undefined) === (workflow === undefined))
      throw new BatonError('One of runId and workflow has to be given.', { code: 'invalid-parameter' });
    if (runId === undefined) {
      const query = { workflow: workflow ?? '', version, inputBytes };
      const ofWorkflow = await api.get('/v1/foresight/expectations', { params: { query }, signal });
      const value = { ofWorkflow, ofRun: null, url: `${dashboardUrl}${FORESIGHT}` };
      return { value, text: `${sayExpectation(ofWorkflow.expectation)}.`, page: FORESIGHT };
    }
    const ofRun = await api.get('/v1/foresight/expectations/{id}', { params: { path: { id: runId } }, signal });
    const { atStart, now, outcome } = ofRun;
    const page = `/runs/${ofRun.runId}`;
    const lines = [
      ...(atStart === null ? [] : [`When it began: ${sayExpectation(atStart)}.`]),
      ...(now === null ? [] : [`Now: ${sayOutlook(now)}.`]),
      ...(outcome === null
        ? []
        : [`It took ${secondsOf(outcome.durationMs)} and ${outcome.isSuccess ? 'succeeded' : 'did not succeed'}.`]),
    ];
    const text = lines.length === 0 ? 'Nothing is known of it so far.' : lines.join('\n');
    return { value: { ofWorkflow: null, ofRun, url: `${dashboardUrl}${page}` }, text, page };
  },
});

const listAnomalies = toolOf({
  name: 'list_anomalies',
  title: 'List what was unusual',
  description:
    'What of ended runs was unlike the runs of their workflow before: duration, cost, rounds, lowest score, judges against tools, failed attempts. Newest first; each with how far off it is and how many runs it is held against.',
  input: z.strictObject({
    runId: RunId.optional(),
    workflow: Workflow.optional(),
    measure: AnomalyMeasure.optional(),
    since: Time.describe('of the end of the run, as 2026-12-01T06:00:00Z'),
    until: Time,
    limit: z.int().min(1).max(100).default(20),
    cursor: z.string().max(500).optional().describe('next of the call before'),
  }),
  output: z.object({ anomalies: z.array(AnomalyView.extend({ url: Url })), next: z.string().nullable() }),
  route: 'GET /v1/anomalies',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { runId, ...filter }, { signal }) => {
    const page = await api.get('/v1/anomalies', { params: { query: { ...filter, run: runId } }, signal });
    const anomalies = page.anomalies.map((each) => ({ ...each, url: `${dashboardUrl}/runs/${each.runId}` }));
    const lines = anomalies.map(
      ({ measure, direction, value, median, workflow, ...run }) =>
        `${run.runId} of ${workflow}: ${measure} ${direction}, ${value}${median === null ? '' : ` where ${median} is usual`}`,
    );
    const text = lines.length === 0 ? 'Nothing was unusual.' : lines.join('\n');
    return { value: { anomalies, next: page.next }, text, page: FORESIGHT };
  },
});

/** What is sent: a report may have many, and each its evidence. */
const MOST_SHOWN = 20;

const getRecommendations = toolOf({
  name: 'get_recommendations',
  title: 'What would be better otherwise',
  description:
    'What recorded runs say would be better otherwise: thresholds that decide nothing, judges that pass what tools fail, retries that never help, cheaper models, rules that are overruled. Each with its evidence, the exact change, and where it is about decisions what a back-test gave. Nothing is changed; a person decides. Takes seconds on a long log.',
  input: z.strictObject({
    workflow: Workflow.optional(),
    since: Time.describe('decisions and runs from then on'),
    until: Time,
    runs: z.int().min(1).max(2_000).optional().describe('how many runs are read whole, the newest'),
  }),
  output: z.object({
    window: RecommendationReport.shape.window,
    recommendations: z.array(Recommendation),
    leftOff: z.int().describe('how many more there are, behind the link'),
    url: Url,
  }),
  route: 'GET /v1/recommendations',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, query, { signal }) => {
    const report = await api.get('/v1/recommendations', { params: { query }, signal, timeoutMs: 120_000 });
    const recommendations = report.recommendations.slice(0, MOST_SHOWN);
    const lines = recommendations.map(({ title, why }) => `${title}: ${cutTo(why, 500)}`);
    const nothing = `The log says nothing of that kind: ${report.window.runs} runs, ${report.window.decisions} decisions.`;
    return {
      value: {
        window: report.window,
        recommendations,
        leftOff: report.recommendations.length - recommendations.length,
        url: `${dashboardUrl}${PAGE}`,
      },
      text: lines.length === 0 ? nothing : lines.join('\n'),
      page: PAGE,
    };
  },
});

export const foresightTools: readonly Tool[] = [getExpectation, listAnomalies, getRecommendations];
