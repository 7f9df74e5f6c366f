import { CreateScheduleBody } from '@baton/contracts';
import type { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { writeLine, writeOne } from '../output.js';
import { printable } from '../table.js';
import { type OptionNames, refusedOptions } from './refused-options.js';
import { DEFAULT_WORKFLOW, readRunInput } from './run-input.js';
import { type RunOptions, runFacts } from './run-options.js';
import { nameOfSchedule, scheduleFacts } from './schedule-shapes.js';
import { type Setting, withSettings } from './set-input.js';

export interface CreateOptions extends RunOptions {
  readonly cron?: string;
  readonly timeZone?: string;
  readonly every?: string;
  readonly at?: string;
  readonly ends?: string;
  readonly jitter?: string;
  readonly overlap: 'skip' | 'queue' | 'allow';
  readonly catchUp: 'last' | 'skip' | 'all';
  readonly catchUpMost?: string;
  readonly catchUpWithin?: string;
  readonly workflow?: string;
  readonly requirements?: string;
  readonly input?: string;
  readonly set?: readonly Setting[];
}

export async function createSchedule(context: Context, name: string, options: CreateOptions): Promise<ExitCode> {
  const { workflow = DEFAULT_WORKFLOW, set = [], ends, jitter, overlap, catchUp: policy } = options;
  const { catchUpMost: most, catchUpWithin: within } = options;
  const timing = timingOf(options);
  const input = await readRunInput(
    { ...options, workflow },
    { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin },
  );
  const given = {
    name: nameOfSchedule(name),
    timing,
    run: { workflow, input, ...runFacts(options) },
    overlap,
    catchUp: {
      policy,
      ...(most === undefined ? {} : { most: Number(most) }),
      ...(within === undefined ? {} : { withinSeconds: secondsOf('--catch-up-within', within) }),
    },
    ...(jitter === undefined ? {} : { jitterSeconds: secondsOf('--jitter', jitter) }),
    ...(ends === undefined ? {} : { endsAt: ends }),
  };
  const body = checked(given);
  const gateway = await gatewayOf(context);
  const settled = await withSettings(gateway, workflow, body.run.input, set, context.interrupted);
  const created = await gateway.post('/v1/schedules', {
    body: { ...body, run: { ...body.run, input: settled } },
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, created, scheduleFacts);
  if (context.format === 'table') {
    writeLine(context.io.err, `See what it does with \`baton schedule show ${created.name}\`.`);
  }
  return ExitCode.ok;
}

const TIMINGS = 'Give one of --cron EXPRESSION, --every TIME and --at TIME.';

function timingOf({ cron, timeZone, every, at }: CreateOptions): z.input<typeof CreateScheduleBody>['timing'] {
  const given = [cron, every, at].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new UsageError(
      given.length === 0 ? 'It is not said when to start runs.' : 'When to start runs is said twice.',
      TIMINGS,
    );
  }
  if (timeZone !== undefined && cron === undefined) {
    throw new UsageError('--time-zone has no meaning without --cron.', 'Times of --at carry their offset.');
  }
  if (cron !== undefined) return { type: 'cron', expression: cron, ...(timeZone === undefined ? {} : { timeZone }) };
  if (every !== undefined) return { type: 'interval', seconds: secondsOf('--every', every) };
  return { type: 'at', at: at ?? '' };
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsOf(option: string, word: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(word) ?? [];
  const seconds = UNITS[unit];
  if (seconds !== undefined) return Number(count) * seconds;
  throw new UsageError(`${option} ${printable(word)} is not a time.`, 'Write a number and s, m, h or d, such as 15m.');
}

const OPTIONS: OptionNames = {
  'timing.expression': ['--cron'],
  'timing.timeZone': ['--time-zone'],
  'timing.seconds': ['--every', 's'],
  'timing.at': ['--at'],
  'run.workflow': ['--workflow'],
  'run.labels': ['--label'],
  'catchUp.most': ['--catch-up-most'],
  'catchUp.withinSeconds': ['--catch-up-within', 's'],
  jitterSeconds: ['--jitter', 's'],
  endsAt: ['--ends'],
};

/** Throws UsageError for what the server would refuse anyway. */
function checked(given: object): CreateScheduleBody {
  const parsed = CreateScheduleBody.safeParse(given);
  if (parsed.success) return parsed.data;
  throw refusedOptions('The schedule', { error: parsed.error, given, schema: CreateScheduleBody }, OPTIONS);
}
