import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const PRINT_PATH = 'import sys; print(sys.executable) if sys.version_info >= (3, 9) else None';

/** What was found last. To ask takes 0.1 s and more, and each check would: 1 s of a run of the demo. */
let known: string | null = null;

/**
 * The absolute path of a Python 3.9 or later, or null. Asked of the interpreter itself, because `python3` on a PATH may be
 * a launcher that needs an environment the tools do not have. It is not asked again as long as its file is there.
 */
export async function findPython(): Promise<string | null> {
  if (known !== null && existsSync(known)) return known;
  try {
    const { stdout } = await promisify(execFile)('python3', ['-I', '-c', PRINT_PATH], { timeout: 10_000 });
    const path = stdout.trim();
    known = path.startsWith('/') ? path : null;
    return known;
  } catch {
    // Not there, or not working: both mean that Python's tools are left out, and the report says so.
    return null;
  }
}
