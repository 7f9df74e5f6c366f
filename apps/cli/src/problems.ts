import { GatewayRefused, type PointedError } from '@baton/client';
import { BatonError } from '@baton/contracts';
import { Interrupted, StillWaiting } from './exit-codes.js';
import type { Format, Io } from './output.js';
import { writeLine } from './output.js';
import { printable } from './table.js';

interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly next?: string;
  readonly errors?: readonly PointedError[];
}

/** An error that is no BatonError is a mistake of ours: it still reads as a sentence. */
function complaintOf(error: Error): Complaint {
  if (!(error instanceof BatonError)) {
    return {
      code: 'internal',
      message: `Something unexpected happened: ${error.message}`,
      next: 'Set BATON_LOG=debug to see where, and report it.',
    };
  }
  return {
    code: error.code,
    message: error.message,
    ...(error.next === undefined ? {} : { next: error.next }),
    ...(error instanceof GatewayRefused && error.errors.length > 0 ? { errors: error.errors } : {}),
  };
}

/** The person at the terminal has not written the request, and sees neither its body nor its parameters. */
const SPEAKS_OF_REQUEST = /^(The request body does not|A parameter of the request)/;
/** Whose places are those of a JSON document that the person has before them. */
const OF_A_DOCUMENT: ReadonlySet<string> = new Set(['invalid-input', 'workflow-invalid']);

/** `/roles/0` as `roles 1`, `/thresholds/alignment` as `thresholds.alignment`. */
const placeInWords = (pointer: string): string =>
  pointer
    .replace(/^\//, '')
    .replaceAll(/\/(\d+)(?=\/|$)/g, (_, index: string) => ` ${Number(index) + 1}`)
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');

/** Parameters are options here, nearly all by the same name. */
const OPTIONS: Readonly<Record<string, string>> = { actionType: 'action', cursor: 'after' };

function inWords(code: string, pointer: string, detail: string): string {
  if (code === 'invalid-parameter' && pointer !== '') return `--${OPTIONS[pointer] ?? placeInWords(pointer)} ${detail}`;
  return `${placeInWords(pointer) || 'all of it'}: ${detail}`;
}

/** What went wrong and what to do, on stderr: lines for a person, one JSON object for a program. */
export function writeProblem(io: Io, format: Format, error: Error, isDebug: boolean): void {
  const complaint = complaintOf(error);
  if (format !== 'table') {
    writeLine(io.err, JSON.stringify(complaint));
    return;
  }
  const { colors } = io.err;
  const hasOnlyStopped = error instanceof Interrupted || error instanceof StillWaiting;
  const label = hasOnlyStopped ? colors.yellow('stopped:') : colors.red('error:');
  const isOfDocument = OF_A_DOCUMENT.has(complaint.code);
  const message = SPEAKS_OF_REQUEST.test(complaint.message)
    ? 'What was given cannot be taken as it is.'
    : complaint.message;
  writeLine(io.err, `${label} ${printable(message)}`);
  for (const { pointer, detail } of complaint.errors ?? []) {
    writeLine(
      io.err,
      `  ${printable(isOfDocument ? `${pointer || '/'}: ${detail}` : inWords(complaint.code, pointer, detail))}`,
    );
  }
  if (complaint.next !== undefined) writeLine(io.err, `${colors.dim('next:')}  ${printable(complaint.next)}`);
  if (isDebug && complaint.code === 'internal' && error.stack !== undefined) writeLine(io.err, error.stack);
}
