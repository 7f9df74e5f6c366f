import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { writeLine, writeList, writeOne } from '../output.js';
import { detailLines, nameOfSchedule, scheduleColumns, scheduleFacts } from './schedule-shapes.js';
import { tellUnreadable } from './tell-unreadable.js';

export async function listSchedules(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { schedules, unreadable } = await gateway.get('/v1/schedules', { signal: context.interrupted });
  writeList(context.io, context.format, schedules, scheduleColumns, 'There is no schedule.');
  tellUnreadable(context, unreadable);
  return ExitCode.ok;
}

const at = (name: string) => ({ path: { name: nameOfSchedule(name) } });

export async function showSchedule(context: Context, name: string): Promise<ExitCode> {
  const params = at(name);
  const gateway = await gatewayOf(context);
  const schedule = await gateway.get('/v1/schedules/{name}', { params, signal: context.interrupted });
  writeOne(context.io, context.format, schedule, detailLines);
  return ExitCode.ok;
}

export async function changeSchedule(
  context: Context,
  verb: 'pause' | 'resume' | 'take-over',
  name: string,
): Promise<ExitCode> {
  const params = at(name);
  const gateway = await gatewayOf(context);
  const schedule = await gateway.post(`/v1/schedules/{name}/${verb}`, { params, signal: context.interrupted });
  writeOne(context.io, context.format, schedule, scheduleFacts);
  return ExitCode.ok;
}

export async function triggerSchedule(context: Context, name: string): Promise<ExitCode> {
  const params = at(name);
  const gateway = await gatewayOf(context);
  const accepted = await gateway.post('/v1/schedules/{name}/trigger', { params, signal: context.interrupted });
  const { runId } = accepted;
  writeOne(context.io, context.format, accepted, () => [runId]);
  if (context.format === 'table') writeLine(context.io.err, `Accepted. Follow it with \`baton run watch ${runId}\`.`);
  return ExitCode.ok;
}

export async function deleteSchedule(context: Context, name: string): Promise<ExitCode> {
  const params = at(name);
  await (await gatewayOf(context)).delete('/v1/schedules/{name}', { params, signal: context.interrupted });
  writeLine(context.io.err, 'Removed. Its runs stay.');
  return ExitCode.ok;
}
