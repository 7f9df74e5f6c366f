import { ApprovalView, EventList, type EventView, RunView } from '@baton/contracts';
import type { Stack } from './stack.js';
import { until } from './until.js';

/** Between two looks at a run that goes on by itself. */
const LOOK_EVERY_MS = 400;

export const REQUIREMENTS = `# Word counter
- Count the words of a text.
- Ignore case and punctuation.
- Fail with a clear error on an empty text.
`;

export interface Submission {
  readonly workflow: string;
  readonly input: object;
  readonly labels?: Readonly<Record<string, string>>;
  /** Instead of what the workflow says. */
  readonly decisions?: { readonly mode: string };
  readonly budget?: { readonly usd?: number; readonly tokens?: number };
}

export const sevenSteps = (requirements = REQUIREMENTS): Submission => ({
  workflow: 'seven-step',
  input: { requirements },
});

/** Five questions to the prompt worker, one after the other. */
export const REPORT: Submission = {
  workflow: 'report',
  input: { data: { revenue: [10, 12, 15], note: 'Revenue grows. Costs grow faster. One month is missing.' } },
};

/** Submits through HTTP; the run's id. With a request id the call may be repeated. */
export async function submit(
  stack: Stack,
  submission = sevenSteps(),
  requestId?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const body = JSON.stringify(submission);
  const headers = requestId === undefined ? more : { ...more, 'idempotency-key': requestId };
  const accepted = await stack.api('/v1/runs', { method: 'POST', body, headers });
  return RunView.pick({ runId: true }).parse(accepted).runId;
}

/** Publishes a document, as an object or as its YAML. */
export async function publish(stack: Stack, document: object | string): Promise<void> {
  const isYaml = typeof document === 'string';
  await stack.api('/v1/workflows', {
    method: 'POST',
    body: isYaml ? document : JSON.stringify(document),
    headers: isYaml ? { 'content-type': 'application/yaml' } : {},
  });
}

export const getRun = async (stack: Stack, runId: string): Promise<RunView | null> =>
  stack.api(`/v1/runs/${runId}`).then(
    (body) => RunView.parse(body),
    () => null,
  );

/** What a run waits for a person with, another one than `before`. Throws where the run ends instead. */
export async function askedOf(stack: Stack, runId: string, before?: string): Promise<ApprovalView> {
  let approvalId = '';
  const isAsked = async (): Promise<boolean> => {
    const run = await getRun(stack, runId);
    if (run !== null && ['succeeded', 'failed'].includes(run.status)) throw new Error(`it ended: ${run.cause}`);
    for (const wait of run?.waitingFor ?? []) {
      if (wait.kind === 'approval' && wait.approvalId !== before) approvalId = wait.approvalId;
    }
    return approvalId !== '';
  };
  await until(isAsked, 'the run to ask a person', undefined, LOOK_EVERY_MS);
  return ApprovalView.parse(await stack.api(`/v1/approvals/${approvalId}`));
}

/** Waits until the run has ended, through whatever happens to the gateway meanwhile. */
export async function ended(stack: Stack, runId: string, timeoutMs = 120_000): Promise<RunView> {
  let view: RunView | null = null;
  await until(
    async () => {
      view = await getRun(stack, runId);
      return view !== null && ['succeeded', 'failed', 'cancelled'].includes(view.status);
    },
    `run ${runId} to end`,
    timeoutMs,
    LOOK_EVERY_MS,
  );
  if (view === null) throw new Error('unreachable: the run ended without a view');
  return view;
}

export async function eventsOf(stack: Stack, runId: string): Promise<readonly EventView[]> {
  const events: EventView[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: EventList = EventList.parse(await stack.api(`/v1/runs/${runId}/events?limit=500${from}`));
    events.push(...page.events);
    cursor = page.next;
  }
  return events;
}
