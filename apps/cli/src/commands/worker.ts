import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { writeList } from '../output.js';
import { workerColumns } from './worker-shapes.js';

export async function listWorkers(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { workers } = await gateway.get('/v1/workers', { signal: context.interrupted });
  const nothing = 'No worker has announced itself yet; `baton up` starts those that ship.';
  writeList(context.io, context.format, workers, workerColumns(context.nowMs()), nothing);
  return ExitCode.ok;
}
