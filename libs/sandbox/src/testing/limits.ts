import type { SandboxLimits } from '../sandbox.js';

/** Tight, so that what goes beyond is quick to come there. */
export const LIMITS: SandboxLimits = {
  wallMs: 20_000,
  cpuSeconds: 10,
  memoryMb: 1024,
  processes: 100,
  fileSizeMb: 16,
  outputBytes: 1024 * 1024,
  keptOutputBytes: 16 * 1024,
  diskMb: 32,
  files: 2000,
};
