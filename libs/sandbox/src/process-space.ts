import { readlinkSync } from 'node:fs';

/** The space in which a process id means something: two containers can share a temporary folder, or control groups. */
export function processSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0'; // Not Linux: one space for all.
  }
}
