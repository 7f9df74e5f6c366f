/**
 * Runs by itself in a child process: `node run-node-tests.ts <timeout ms> <flags of the test processes…>`, in the
 * folder of the deliverable. Runs its tests as `node --test` does, each file in a process of its own, and prints what
 * happened as JSON. What the test processes print goes elsewhere.
 */
import { run } from 'node:test';

interface TestFailure {
  readonly file: string | null;
  readonly line: number | null;
  readonly message: string;
}

/** What the runner's events carry, as far as it is used here. Events of a file as a whole have no `entryFile`. */
interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly file?: string;
    readonly line?: number;
    readonly entryFile?: string;
    readonly message?: string;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    readonly details?: { readonly type?: string; readonly error?: Error };
  };
}

const STDERR_KEPT = 4000;
const MESSAGE_KEPT = 2000;
const FAILURES_KEPT = 100;
/** Each has a dozen threads; on a machine with many cores they would be more than a sandbox may have. */
const PROCESSES = 4;

const [timeoutMs = '', ...flags] = process.argv.slice(2);
const passed: Record<string, number> = {};
const failures: TestFailure[] = [];
const stderr: Record<string, string> = {};
const files = new Set<string>();
let skipped = 0;

/** The sentence of the assertion; the runner's own error only wraps it. Of a process that died, what it last said. */
function messageOf(error: Error | undefined, file: string): string {
  const cause = error?.cause instanceof Error ? error.cause : error;
  const message = cause?.message ?? 'failed';
  if (message !== 'test failed') return message;
  const printed = (stderr[file] ?? '').trim();
  return /^(?:\w+ )?\w*Error\b.*$/m.exec(printed)?.[0] ?? (printed.split('\n').at(-1) || endingOf(error));
}

function endingOf(error: Error | undefined): string {
  if (error !== undefined && 'signal' in error && error.signal !== null)
    return `its process was ended by ${error.signal}`;
  if (error !== undefined && 'exitCode' in error) return `its process ended with exit code ${error.exitCode}`;
  return 'its process failed without a word';
}

function onEvent({ type, data }: TestEvent): void {
  const entry = data.entryFile ?? data.file ?? '';
  if (type === 'test:stderr') stderr[entry] = ((stderr[entry] ?? '') + (data.message ?? '')).slice(-STDERR_KEPT);
  if (type !== 'test:pass' && type !== 'test:fail') return;
  const isFile = data.entryFile === undefined;
  if (isFile) files.add(entry);
  const isSuite = data.details?.type === 'suite';
  const isLeftOut = Boolean(data.skip) || Boolean(data.todo);
  if (isLeftOut) skipped += 1;
  else if (type === 'test:pass' && !isFile && !isSuite) passed[entry] = (passed[entry] ?? 0) + 1;
  else if (type === 'test:fail') onFailure(data, entry, isSuite, isFile);
}

function onFailure(data: TestEvent['data'], entry: string, isSuite: boolean, isFile: boolean): void {
  const error = data.details?.error;
  const failureType = error !== undefined && 'failureType' in error ? error.failureType : undefined;
  // A suite or file that failed because of what is in it says nothing new.
  if (failureType === 'subtestsFailed') return;
  const message = messageOf(error, entry);
  const name = isFile ? '' : `${isSuite ? 'suite' : 'test'} "${data.name ?? ''}": `;
  failures.push({
    file: data.file ?? null,
    line: isFile ? null : (data.line ?? null),
    message: (name + message).slice(0, MESSAGE_KEPT),
  });
}

const stream = run({
  cwd: process.cwd(),
  isolation: 'process',
  concurrency: PROCESSES,
  timeout: Number(timeoutMs),
  execArgv: flags,
});
for await (const event of stream as AsyncIterable<TestEvent>) onEvent(event);

const failedFiles = new Set(failures.map((failure) => failure.file));
const report = {
  passed: Object.values(passed).reduce((sum, count) => sum + count, 0),
  skipped,
  failures: failures.slice(0, FAILURES_KEPT),
  silentFiles: [...files].filter((file) => passed[file] === undefined && !failedFiles.has(file)),
};
process.stdout.write(JSON.stringify(report));
process.exitCode = failures.length === 0 ? 0 : 1;
