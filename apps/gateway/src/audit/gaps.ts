const CHUNK = 65_536;

/** Positions that the log does not have and that archives must: a bit for each, so that all of a long log fit. */
export class Gaps {
  readonly #chunks = new Map<number, Uint8Array>();
  #left = 0;

  /** How many are in no archive yet. */
  get left(): number {
    return this.#left;
  }

  /** @param from first, and last, of positions that the log does not have */
  add(from: number, to: number): void {
    for (let position = from; position <= to; position += 1) this.#set(position, true);
  }

  /** An archive has it. @returns false where the log has it as well, or another archive */
  fill(position: number): boolean {
    return this.#set(position, false);
  }

  /** The first position that no archive had; null where there is none. */
  first(): number | null {
    for (const [chunk, bits] of [...this.#chunks].sort(([a], [b]) => a - b)) {
      const at = bits.findIndex((byte) => byte !== 0);
      if (at < 0) continue;
      const byte = bits[at] ?? 0;
      return chunk * CHUNK + at * 8 + Math.log2(byte & -byte);
    }
    return null;
  }

  /** @returns whether that changed anything */
  #set(position: number, isMissing: boolean): boolean {
    const chunk = Math.floor(position / CHUNK);
    let bits = this.#chunks.get(chunk);
    if (bits === undefined) {
      if (!isMissing) return false;
      bits = new Uint8Array(CHUNK / 8);
      this.#chunks.set(chunk, bits);
    }
    const at = (position % CHUNK) >> 3;
    const bit = 1 << (position % 8);
    const before = bits[at] ?? 0;
    if (((before & bit) !== 0) === isMissing) return false;
    bits[at] = before ^ bit;
    this.#left += isMissing ? 1 : -1;
    return true;
  }
}
