import { z } from 'zod';
import type { Context } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts } from '../table.js';
import { runOwnersProgram } from '../up/owners-program.js';

const Made = z.object({
  name: z.string(),
  queue: z.enum(['redis', 'postgres']),
  url: z.string(),
  privateKey: z.json().nullable(),
});
type Made = z.infer<typeof Made>;

export async function createProducer(
  context: Context,
  name: string,
  { sign = false }: { readonly sign?: boolean },
): Promise<ExitCode> {
  const made = Made.parse(await runOwnersProgram(context, 'producer', ['create', name, ...(sign ? ['sign'] : [])]));
  writeOne(context.io, context.format, { ...made, example: exampleOf(made) }, (producer) => [
    ...formatFacts([
      ['name', producer.name],
      ['queue', `intake, on ${producer.queue}`],
      ['url', producer.url],
      ...(producer.privateKey === null ? [] : [['private key', JSON.stringify(producer.privateKey)] as const]),
    ]),
    '',
    ...producer.example.split('\n'),
  ]);
  if (context.format === 'table') {
    writeLine(context.io.err, 'Keep what is shown: it is not shown again. It can add to intake, and do nothing else.');
  }
  return ExitCode.ok;
}

/** A program that works as it stands. */
function exampleOf({ name, queue, privateKey }: Made): string {
  const isRedis = queue === 'redis';
  const connect = isRedis
    ? `const intake = new Queue('intake', { connection: { url: process.env.INTAKE_URL }, prefix: 'baton' });`
    : `const intake = new Queue('intake', { connection: { connectionString: process.env.INTAKE_URL } }, createPostgresBackend);`;
  const job = isRedis ? `, { jobId: \`${name}-\${requestId}\` }` : '';
  const head = [
    `import { ${isRedis ? 'Queue' : 'createPostgresBackend, Queue'} } from 'bullmq';`,
    ...(privateKey === null ? [] : [`import { CompactSign, importJWK } from 'jose';`]),
    connect,
    `const requestId = 'order-7';`,
    `const request = { requestId, workflow: 'seven-step', input: { requirements: '…' } };`,
  ];
  if (privateKey === null) return [...head, `await intake.add('submit', request${job});`].join('\n');
  return [
    ...head,
    `const key = await importJWK(JSON.parse(process.env.INTAKE_KEY), 'EdDSA');`,
    `const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify({ name: 'submit', request })))`,
    `  .setProtectedHeader({ alg: 'EdDSA', kid: '${name}' })`,
    `  .sign(key);`,
    `await intake.add('signed', { requestId, jws }${job});`,
  ].join('\n');
}

const Listed = z.object({
  producers: z.array(
    z.object({ name: z.string(), createdAt: z.string(), queue: z.enum(['redis', 'postgres']), isSigned: z.boolean() }),
  ),
});

export async function listProducers(context: Context): Promise<ExitCode> {
  const { producers } = Listed.parse(await runOwnersProgram(context, 'producer', ['list']));
  const columns: Columns<(typeof producers)[number]> = {
    headings: ['NAME', 'QUEUE ON', 'SINCE', 'SIGNS'],
    row: ({ name, queue, createdAt, isSigned }) => [name, queue, timeOf(createdAt), isSigned ? 'yes' : 'no'],
  };
  writeList(context.io, context.format, producers, columns, 'There is no producer with a login of its own.');
  return ExitCode.ok;
}

export async function revokeProducer(context: Context, name: string): Promise<ExitCode> {
  await runOwnersProgram(context, 'producer', ['revoke', name]);
  writeLine(context.io.err, `Revoked. What ${name} has added stays as it was.`);
  return ExitCode.ok;
}
