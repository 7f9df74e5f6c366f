import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const LIMIT_BYTES = 10 * 1024 * 1024;
const KEPT_FILES = 3;

/**
 * A log file that moves to `<file>.1`, `.2`, … when it is full. Written synchronously: what a service said last is in the
 * file when its death is handled.
 */
export class RotatingLog {
  #fd: number;
  #size: number;
  #isClosed = false;

  constructor(
    readonly file: string,
    private readonly limitBytes = LIMIT_BYTES,
  ) {
    this.#fd = openSync(file, 'a', 0o600);
    this.#size = fstatSync(this.#fd).size;
  }

  /** After `close` nothing is written: the number of the file may be another file's by then. */
  write(text: string): void {
    if (this.#isClosed) return;
    const bytes = Buffer.from(text);
    if (this.#size > 0 && this.#size + bytes.length > this.limitBytes) this.#rotate();
    writeSync(this.#fd, bytes);
    this.#size += bytes.length;
  }

  close(): void {
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  #rotate(): void {
    closeSync(this.#fd);
    for (let number = KEPT_FILES - 1; number >= 1; number -= 1) {
      moveIfThere(number === 1 ? this.file : `${this.file}.${number - 1}`, `${this.file}.${number}`);
    }
    this.#fd = openSync(this.file, 'a', 0o600);
    this.#size = 0;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
  }
}
