import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { writeLine, writeOne } from '../output.js';

/** A link with which a browser is signed in as whoever asks for it, once. */
export async function makeLink(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { path, expiresAt } = await gateway.post('/v1/auth/codes', { signal: context.interrupted });
  writeOne(context.io, context.format, { url: `${gateway.url}${path}`, expiresAt }, ({ url }) => [url]);
  if (context.format === 'table') {
    writeLine(context.io.err, `Whoever opens it is you. It works once, until ${timeOf(expiresAt)}.`);
  }
  return ExitCode.ok;
}
