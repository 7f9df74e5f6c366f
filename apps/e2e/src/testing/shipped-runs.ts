import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JsonObject, RunResult, RunView } from '@baton/contracts';
import { ended, eventsOf, ROOT, type Stack, until } from '@baton/test-stack';
import { z } from 'zod';

/** The example input that ships with a workflow. */
export const exampleFor = async (workflow: string): Promise<JsonObject> =>
  JsonObject.parse(JSON.parse(await readFile(join(ROOT, `examples/workflows/${workflow}.input.json`), 'utf8')));

/** What a test does with runs of a stack that is there once the tests begin. */
export function runsOn(stack: () => Stack) {
  async function submit(workflow: string, input: object): Promise<string> {
    const body = JSON.stringify({ workflow, input });
    return RunView.pick({ runId: true }).parse(await stack().api('/v1/runs', { method: 'POST', body })).runId;
  }

  async function run(workflow: string, input: object) {
    const runId = await submit(workflow, input);
    await ended(stack(), runId, 60_000);
    const result = RunResult.parse(await stack().api(`/v1/runs/${runId}/result`));
    return { runId, result };
  }

  /** The states a run entered, in order. */
  const statesOf = async (runId: string): Promise<readonly string[]> =>
    (await eventsOf(stack(), runId)).flatMap(({ type, data }) =>
      type === 'StateEntered' ? [z.object({ state: z.string() }).parse(data).state] : [],
    );

  /** The variables that the exits of a run's states set, in order. */
  const assignedIn = async (runId: string): Promise<readonly JsonObject[]> =>
    (await eventsOf(stack(), runId)).flatMap(({ type, data }) =>
      type === 'StateExited' ? [z.object({ assign: JsonObject }).parse(data).assign] : [],
    );

  /** Waits until a run asks a person, and says yes, bound to what was asked. */
  async function approve(runId: string): Promise<{ readonly arguments: JsonObject }> {
    const listed = async () =>
      z
        .object({ approvals: z.array(z.object({ approvalId: z.string() })) })
        .parse(await stack().api(`/v1/approvals?run=${runId}`)).approvals;
    await until(async () => (await listed()).length > 0, 'the question to a person', 60_000, 200);
    const [asked] = await listed();
    const path = `/v1/approvals/${asked?.approvalId}`;
    const view = z.object({ sha256: z.string(), arguments: JsonObject }).parse(await stack().api(path));
    const headers = { 'if-match': `"${view.sha256}"` };
    await stack().api(`${path}/decision`, { method: 'POST', headers, body: JSON.stringify({ decision: 'approve' }) });
    return view;
  }

  return { submit, run, statesOf, assignedIn, approve };
}
