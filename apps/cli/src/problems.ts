import { BatonError } from '@baton/contracts';
import { GatewayRefused, Interrupted, type PointedError, StillWaiting } from './exit-codes.js';
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
  writeLine(io.err, `${label} ${printable(complaint.message)}`);
  for (const { pointer, detail } of complaint.errors ?? []) {
    writeLine(io.err, `  ${printable(pointer === '' ? '/' : pointer)}: ${printable(detail)}`);
  }
  if (complaint.next !== undefined) writeLine(io.err, `${colors.dim('next:')}  ${printable(complaint.next)}`);
  if (isDebug && complaint.code === 'internal' && error.stack !== undefined) writeLine(io.err, error.stack);
}
