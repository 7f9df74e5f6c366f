import { Verification } from '@baton/contracts';
import type { Receiver } from '@baton/notifications/testing';
import { eventsOf, type Stack, until, violations } from '@baton/test-stack';
import { rebuild, upcast } from '@baton/workflow';
import pg from 'pg';
import { z } from 'zod';

const CALM_MS = 300_000;
const Left = z.object({
  events: z.number(),
  last: z.number(),
  gaps: z.number(),
  commands: z.number(),
  inbox: z.number(),
});

/** What the whole log says of itself: positions and versions without a gap, and nothing that still waits to be done. */
const LEFT = `select
  (select count(*) from baton.event)::int as events,
  (select coalesce(max(position), 0) from baton.event)::int as last,
  (select count(*) from (select from baton.event group by run_id having count(*) <> max(version)) as gap)::int as gaps,
  (select count(*) from baton.command)::int as commands,
  (select count(*) from baton.inbox)::int as inbox`;

/** What does not hold although it has to, whatever befell the stack; in words. The runs must have ended. */
export async function brokenInvariants(
  stack: Stack,
  { databaseUrl, runIds, receiver }: { databaseUrl: string; runIds: readonly string[]; receiver: Receiver },
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const runId of runIds) problems.push(...(await ofRun(stack, runId)).map((problem) => `${runId}: ${problem}`));
  problems.push(...(await ofLog(databaseUrl)));
  // Also that every view equals the fold of its events, and that what was signed is the tree over them.
  const { verified, problem } = Verification.parse(await stack.api('/v1/audit/verify'));
  if (!verified) problems.push(`the log: ${problem}`);
  problems.push(...(await untold(runIds, receiver)));
  return problems;
}

async function ofRun(stack: Stack, runId: string): Promise<readonly string[]> {
  const events = await eventsOf(stack, runId);
  const state = rebuild(events.map(({ type, schemaVersion, data }) => upcast(type, schemaVersion, data)));
  const { microUsd, tokens } = 'reserved' in state ? state.reserved : { microUsd: 0, tokens: 0 };
  return [
    ...violations(events),
    ...(microUsd === 0 && tokens === 0 ? [] : [`${microUsd} micro-dollars and ${tokens} tokens are still reserved`]),
  ];
}

async function ofLog(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    const read = async () => Left.parse((await client.query(LEFT)).rows[0]);
    // What the hub itself has yet to settle is settled by its next rounds.
    await until(async () => (await read()).commands === 0, 'no command to be open', 30_000, 500).catch(() => {});
    const { events, last, gaps, commands, inbox } = await read();
    return [
      ...(events === last ? [] : [`${events} events have positions up to ${last}`]),
      ...(gaps === 0 ? [] : [`${gaps} runs have gaps in their versions`]),
      ...(commands === 0 ? [] : [`${commands} commands are open although all runs have ended`]),
      ...(inbox === 0 ? [] : [`${inbox} requests lie in the inbox`]),
    ];
  } finally {
    await client.end();
  }
}

/** Each end is told at least once. */
async function untold(runIds: readonly string[], receiver: Receiver): Promise<readonly string[]> {
  const missing = (): readonly string[] => {
    const told = receiver.received.map(({ body }) => body).join('\n');
    return runIds.filter((runId) => !told.includes(runId));
  };
  await until(() => missing().length === 0, 'every webhook to be sent', CALM_MS, 500).catch(() => {});
  return missing().map((runId) => `${runId}: its end was not told to the webhook`);
}
