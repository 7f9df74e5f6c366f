import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const PRINT_PATH = 'import sys; print(sys.executable) if sys.version_info >= (3, 9) else None';

/**
 * The absolute path of a Python 3.9 or later, or null. Asked of the interpreter itself, because `python3` on a PATH may be
 * a launcher that needs an environment the tools do not have.
 */
export async function findPython(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['-I', '-c', PRINT_PATH], { timeout: 10_000 });
    const path = stdout.trim();
    return path.startsWith('/') ? path : null;
  } catch {
    // Not there, or not working: both mean that Python's tools are left out, and the report says so.
    return null;
  }
}
