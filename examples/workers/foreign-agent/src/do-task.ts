import { TerminalError } from '@baton/contracts';
import type { HandleContext } from '@baton/worker';
import { hasText, MAX_TEXT_BYTES } from './command-line.ts';
import { type Ground, groundOf } from './ground.ts';
import { deliverableOf, Outcome, outcomeOf, outcomeOfRefusal } from './outcome.ts';
import { promptOf } from './prompt.ts';
import { readReport } from './report.ts';
import { type AgentPlace, runAgent } from './run-agent.ts';
import type { Deliverable, ForeignTask } from './task.ts';

/** What workflows catch by its name: the agent did not do it. */
export class ForeignAgentFailed extends Error {}

const SIGN_OF_LIFE_MS = 500;

type Context = Pick<HandleContext, 'signal' | 'heartbeat' | 'journal' | 'blobs' | 'tell'>;

/**
 * Does a task with the agent. A second delivery finds what the first one noted, and the agent is not asked again; it is where
 * the first one was killed before.
 */
export async function doTask(
  task: ForeignTask,
  context: Context,
  place: Omit<AgentPlace, 'store'>,
): Promise<Deliverable> {
  const { journal, blobs: store, tell } = context;
  const ground = await groundOf(task, store);
  const noted = await journal.read(0);
  const outcome = noted === null ? await askAgent(task, ground, context, place) : Outcome.parse(noted);
  if (noted === null) await journal.write(0, outcome);
  const { usage, model } = outcome.report;
  tell({ ...(usage === undefined || usage === null ? {} : { usage }), ...(model === undefined ? {} : { model }) });
  if (outcome.status === 'failed') throw new ForeignAgentFailed(outcome.cause);
  return deliverableOf(task, outcome, ground, { settings: place.settings, store });
}

async function askAgent(
  task: ForeignTask,
  ground: Ground,
  { signal, heartbeat, blobs: store }: Context,
  place: Omit<AgentPlace, 'store'>,
): Promise<Outcome> {
  const { settings, choice } = place;
  const startedMs = performance.now();
  const sign = setInterval(() => {
    heartbeat(`${settings.name} at work for ${Math.round((performance.now() - startedMs) / 1000)} s`);
  }, SIGN_OF_LIFE_MS);
  heartbeat(`${settings.name} begins`);
  try {
    const tellTask = (reportPath: string): string => checkedText(promptOf(task, reportPath), hasText(settings.command));
    const ran = await runAgent(tellTask, ground.from, { ...place, store }, signal);
    const warning = choice.sandbox.driver === 'none' ? WITHOUT_SANDBOX : null;
    return await outcomeOf(ran, readReport(ran.report, ran.execution.stdout), ground, { settings, warning, store });
  } catch (thrown) {
    return outcomeOfRefusal(thrown, signal);
  } finally {
    clearInterval(sign);
  }
}

const WITHOUT_SANDBOX =
  'It worked without a sandbox, because FOREIGN_AGENT_SANDBOX=none says so: with the network and the files of this machine.';

function checkedText(text: string, isArgument: boolean): string {
  if (!isArgument || Buffer.byteLength(text) <= MAX_TEXT_BYTES) return text;
  const sentence = `The task has ${Buffer.byteLength(text)} bytes, and an argument takes ${MAX_TEXT_BYTES}.`;
  throw new TerminalError(sentence, { code: 'task-too-long', next: 'Put {prompt} in place of {text}.' });
}
