import { resolve } from 'node:path';
import { LimitPolicy } from '@baton/contracts';
import { z } from 'zod';
import type { Context } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { writeOne } from '../output.js';
import { runOwnersProgram } from '../up/owners-program.js';

const InForce = z.object({ policy: LimitPolicy.nullable(), number: z.int(), changedAt: z.string() });

export const showLimits = (context: Context): Promise<ExitCode> => say(context, ['show']);

/** A relative path is one of whoever types it. */
export const applyLimits = (context: Context, file: string): Promise<ExitCode> =>
  say(context, ['apply', resolve(context.env.workingDirectory, file)]);

export const clearLimits = (context: Context): Promise<ExitCode> => say(context, ['clear']);

async function say(context: Context, args: readonly string[]): Promise<ExitCode> {
  const inForce = InForce.parse(await runOwnersProgram(context, 'limits', args));
  writeOne(context.io, context.format, inForce, ({ policy, changedAt }) =>
    policy === null
      ? ['There are no limits.']
      : [`In force since ${timeOf(changedAt)}:`, ...JSON.stringify(policy, null, 2).split('\n')],
  );
  return ExitCode.ok;
}
