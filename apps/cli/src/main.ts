import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { asCalled } from './call-name.js';
import { runCli } from './cli.js';
import { readCallName, readEnvironment, readSecrets, readTerminal } from './environment.js';
import { type Io, sinkOf, withWrite } from './output.js';
import { signalTaker } from './signals.js';

const Package = z.object({ version: z.string() });
const { version } = Package.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));

const interrupted = new AbortController();
const hurried = new AbortController();
const takeSignal = signalTaker({ interrupted, hurried, nowMs: () => performance.now() });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, takeSignal);

// A reader such as `head` that has seen enough is no failure: the command ends as if it had been told to, and says nothing.
let isUnread = false;
process.stdout.on('error', () => {
  isUnread = true;
  interrupted.abort();
});
process.stderr.on('error', () => {});

const terminal = readTerminal();
const callName = readCallName();
const cut = readSecrets();
const err = sinkOf(process.stderr, terminal, { cut, isMuted: () => isUnread });
const io: Io = {
  out: sinkOf(process.stdout, terminal, { cut }),
  err: withWrite(err, (text) => err.write(asCalled(text, callName))),
  callName,
  readStdin: () => buffer(process.stdin),
};

const exitCode = await runCli({
  args: process.argv.slice(2),
  io,
  version,
  interrupted: interrupted.signal,
  context: () => ({
    env: readEnvironment(),
    io,
    nowMs: Date.now,
    interrupted: interrupted.signal,
    hurried: hurried.signal,
  }),
});
process.exitCode = isUnread ? 0 : exitCode;
// Sockets that were kept open for a next request would hold the process for seconds; what was written goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
