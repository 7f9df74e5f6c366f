import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeTheEnd } from '../../leave-nothing.js';

const SIZE_MB = 600;
const PIECE = Buffer.alloc(1024 * 1024);

/** A folder for a database, on a disk of its own with so little room that it can be filled; where nobody may mount, on the machine's. */
export class BoundedDisk {
  #isClosed = false;

  private constructor(
    readonly folder: string,
    readonly isBounded: boolean,
  ) {}

  static async open(): Promise<BoundedDisk> {
    const folder = await mkdtemp(join(tmpdir(), 'baton-disk-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', folder]).status === 0;
    await chmod(folder, 0o711);
    const disk = new BoundedDisk(folder, mounted);
    beforeTheEnd(() => disk.close());
    return disk;
  }

  /** Takes all room that is left. */
  fill(): void {
    try {
      for (;;) writeFileSync(this.#filler, PIECE, { flag: 'a' });
    } catch {
      // It is full.
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.isBounded) spawnSync('umount', ['-l', this.folder]);
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }

  get #filler(): string {
    return join(this.folder, 'filler');
  }
}
