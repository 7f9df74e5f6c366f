import { GatewayRefused } from '@baton/client';
import { type Conversation, didYouMean, type EventView, type Json, type RunView } from '@baton/contracts';
import { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration, timeOf } from '../durations.js';
import { ExitCode, NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeOne } from '../output.js';
import { formatFacts, formatTable, printable } from '../table.js';
import { conversationTable, conversationText, getConversation } from './conversation.js';
import { eventPages } from './events.js';
import { knowledgeLines } from './knowledge-lines.js';
import { shortId } from './run-shapes.js';
import { foldStep, type StepStory, statesSeen } from './step-story.js';
import { getRun } from './watch-run.js';

export interface StepOptions {
  /** Which visit of the state, from 1; default the last. */
  readonly visit?: number;
  /** Every word that was said to a model and by it. */
  readonly conversation?: boolean;
}

/** What the state was given, which no event says: it follows from the events before. */
async function inputOf(gateway: Gateway, runId: string, story: StepStory, signal: AbortSignal): Promise<Json> {
  const params = { path: { id: runId }, query: { at: story.enteredVersion } };
  const view = await gateway.get('/v1/runs/{id}/state', { params, signal, timeoutMs: 120_000 });
  const Visits = z.object({ visits: z.array(z.object({ visit: z.int(), input: z.json() })) });
  const read = Visits.safeParse(view.state);
  return read.data?.visits.find(({ visit }) => visit === story.visit)?.input ?? null;
}

export async function showStep(context: Context, id: string, step: string, options: StepOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const run = await getRun(gateway, id, context.interrupted);
  const { runId } = run;
  const state = stateOf(run, step);
  const events: EventView[] = [];
  for await (const page of eventPages(gateway, runId, context.interrupted)) events.push(...page);
  const stories = foldStep(events, state);
  if (stories.length === 0) throw notVisited(runId, state, events);
  const ordinal = options.visit ?? stories.length;
  const story = stories[ordinal - 1];
  if (story === undefined) {
    throw new UsageError(
      `Run ${shortId(runId)} has visited ${state} ${stories.length === 1 ? 'once' : `${stories.length} times`}, not ${ordinal}.`,
      `Give --visit a number from 1 to ${stories.length}.`,
    );
  }
  const input = await inputOf(gateway, runId, story, context.interrupted);
  const conversation = await conversationOf(context, gateway, runId, story, options);
  const shown = { runId, state, ordinal, visits: stories.length, ...story, input, conversation };
  writeOne(context.io, context.format, shown, (step, width) =>
    options.conversation === true && conversation !== null
      ? conversationText(conversation)
      : [...stepLines(step, width), ...(conversation === null ? [] : conversationTable(conversation, width))],
  );
  return ExitCode.ok;
}

/** Of the last attempt that was one: while a person is asked, of the task that asks. null where nothing was asked of a model, and where one may not look and did not ask to. */
async function conversationOf(
  { interrupted }: Context,
  gateway: Gateway,
  runId: string,
  { attempts }: StepStory,
  options: StepOptions,
): Promise<Conversation | null> {
  const asked = attempts.at(-1)?.status === 'open' ? attempts.findLast(({ status }) => status === 'asked') : undefined;
  const ids = [attempts.at(-1), asked].flatMap((attempt) => (attempt === undefined ? [] : [attempt.commandId]));
  try {
    for (const commandId of ids) {
      const conversation = await getConversation(gateway, runId, commandId, interrupted);
      if (conversation.entries.length > 0 || (conversation.steps ?? []).length > 0) return conversation;
    }
    return null;
  } catch (thrown) {
    const isRefused = thrown instanceof GatewayRefused && (thrown.status === 403 || thrown.status === 404);
    if (isRefused && options.conversation !== true) return null;
    throw thrown;
  }
}

/** A state by its name, or by the number of its step where that is of one state alone. */
function stateOf({ runId, steps }: Pick<RunView, 'runId' | 'steps'>, step: string): string {
  const numbered = /^\d+$/.test(step) ? steps.filter((each) => each.step === Number(step)) : [];
  const [state, ...others] = new Set(numbered.map((each) => each.state));
  if (state === undefined || steps.some((each) => each.state === step)) return step;
  if (others.length === 0) return state;
  throw new UsageError(
    `Step ${step} of run ${shortId(runId)} has several states: ${[state, ...others].join(', ')}.`,
    `Name one of them, such as \`baton run step ${shortId(runId)} ${state}\`.`,
  );
}

function notVisited(runId: string, state: string, events: readonly EventView[]): NotFound {
  const states = statesSeen(events);
  const list = states.length === 0 ? 'It has visited none yet.' : `It has visited ${states.join(', ')}.`;
  return new NotFound(`Run ${shortId(runId)} has not visited a state ${state}.${didYouMean(state, states)}`, list);
}

type Shown = StepStory & {
  readonly state: string;
  readonly ordinal: number;
  readonly visits: number;
  readonly input: Json;
};

function stepLines(step: Shown, width: number): readonly string[] {
  const { ordinal, visits, enteredAt, leftAt, next, error, cause } = step;
  const optional: readonly (readonly [string, string])[] = [
    ['asks for', step.resource ?? ''],
    ['left', leftAt === null ? '' : timeOf(leftAt)],
    ['next', next ?? ''],
    ['error', error === null ? '' : `${error}: ${cause ?? ''}`],
    ['caught', step.isCaught ? 'yes' : ''],
  ];
  const facts = formatFacts(
    [
      ['state', step.state],
      ['status', step.status],
      ['visit', `${ordinal} of ${visits}`],
      ['entered', timeOf(enteredAt)],
      ...optional.filter(([, value]) => value !== ''),
    ],
    width,
  );
  return [
    ...facts,
    ...attemptLines(step, width),
    ...knowledgeLines(
      step.attempts.flatMap(({ knowledge }) => knowledge ?? []),
      width,
    ),
    ...jsonLines('input', step.input),
    ...(step.arguments === undefined ? [] : jsonLines('arguments', step.arguments)),
    ...(step.output === undefined ? [] : jsonLines('output', step.output)),
    ...(Object.keys(step.assign).length === 0 ? [] : jsonLines('variables set', step.assign)),
  ];
}

function attemptLines({ attempts }: StepStory, width: number): readonly string[] {
  if (attempts.length === 0) return [];
  const rows = attempts.map(({ attempt, status, durationMs, model, cachedFrom, tokens, costUsd, error, cause }) => [
    String(attempt),
    status,
    durationMs === null ? '' : formatDuration(durationMs),
    cachedFrom === null ? (model ?? '-') : `${model}, answered as ${cachedFrom}`,
    tokens === null ? '-' : String(tokens),
    costUsd === undefined ? '' : costUsd === null ? 'not known' : costUsd.toFixed(4),
    error === null ? '' : `${error}: ${cause ?? ''}`,
  ]);
  return ['', ...formatTable(['ATTEMPT', 'STATUS', 'TIME', 'MODEL', 'TOKENS', 'USD', 'ERROR'], rows, width)];
}

const jsonLines = (title: string, json: Json): readonly string[] => [
  '',
  `${title}:`,
  ...JSON.stringify(json, null, 2).split('\n').map(printable),
];
