import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { holdBlobs } from './blob-sweep.js';
import { putBytes } from './blobs.js';
import { acceptRequest } from './inbox.js';
import { anEvent, anItem } from './testing/store.js';
import { openSweepBench, type SweepBench } from './testing/sweep-bench.js';

let bench: SweepBench;
beforeAll(async () => {
  bench = await openSweepBench(inject('postgresUrl'), 3);
});
afterAll(() => bench?.close());

/** What was put, and what is named, as the test knows it. */
class Model {
  readonly #content = new Map<string, string>();
  readonly #files = new Map<string, readonly string[]>();
  readonly #named = new Set<string>();
  readonly #waiting: { readonly requestId: string; readonly hash: string }[] = [];

  #pick(n: number): string | undefined {
    return [...this.#content.keys()][n % Math.max(1, this.#content.size)];
  }

  #all(hash: string): readonly string[] {
    return [hash, ...(this.#files.get(hash) ?? [])];
  }

  async #put(text: string, files: readonly string[], days: number): Promise<void> {
    const hash = await bench.oldBlob(text, days);
    this.#content.set(hash, text);
    this.#files.set(hash, files);
  }

  #putAgain = (hash: string) => putBytes(bench.worker, Buffer.from(this.#content.get(hash) ?? ''));

  putFile(days: number): Promise<void> {
    return this.#put(randomBytes(8).toString('base64'), [], days);
  }

  /** Files are put before their tree. */
  async putTree(of: readonly number[]): Promise<void> {
    const known = new Set(of.flatMap((n) => this.#pick(n) ?? []));
    const files = [...known].filter((hash) => this.#files.get(hash)?.length === 0);
    if (files.length === 0) return;
    for (const file of files) await this.#putAgain(file);
    await this.#put(JSON.stringify([randomUUID(), ...files.map((sha256) => ({ sha256 }))]), files, 0);
  }

  async putAgain(n: number): Promise<void> {
    const hash = this.#pick(n);
    if (hash !== undefined) await this.#putAgain(hash);
  }

  /** As the product does it: whoever names a blob that somebody else put holds it before. What is gone is named by nobody. */
  async name(n: number, by: 'event' | 'request'): Promise<void> {
    const hash = this.#pick(n);
    if (hash === undefined) return;
    await holdBlobs(bench.gateway, [hash]);
    if (!(await this.#areThere(hash))) return;
    this.#named.add(hash);
    if (by === 'event') await bench.named(hash);
    else {
      const requestId = randomUUID();
      await acceptRequest(bench.gateway, { requestId, name: 'submit', message: { input: hash } });
      this.#waiting.push({ requestId, hash });
    }
    // What is named needs not be young.
    if (!this.#isUnderWay) for (const each of this.#all(hash)) await bench.age(each, 30);
  }

  async takeRequest(): Promise<void> {
    const taken = this.#waiting.shift();
    if (taken === undefined) return;
    const { requestId, hash } = taken;
    const events = [anEvent({ data: { input: hash } })];
    await appendBatch(bench.hub, bench.lane, 0, [anItem(randomUUID(), { requests: [requestId], events })]);
  }

  #isUnderWay = false;

  async steps(count: number): Promise<void> {
    await bench.owner.query(`update baton.blob_sweep set ended_at = null where phase = 'idle'`);
    for (let n = 0; n < count; n += 1) this.#isUnderWay = (await bench.step()).phase !== 'idle';
  }

  /** A step whose process is gone before it could commit. */
  async killedStep(): Promise<void> {
    const client = await bench.gateway.connect();
    await client.query('begin');
    await client.query('select baton.sweep_blobs(7)');
    client.release(true);
  }

  async #areThere(hash: string): Promise<boolean> {
    return (await Promise.all(this.#all(hash).map(bench.isThere))).every((there) => there);
  }

  /** How much of what was put is gone. */
  async removed(): Promise<number> {
    const there = await Promise.all([...this.#content.keys()].map(bench.isThere));
    return there.filter((isThere) => !isThere).length;
  }

  async check(): Promise<void> {
    for (const hash of this.#named) expect(await this.#areThere(hash)).toBe(true);
  }
}

type Action = (model: Model) => Promise<void>;
const some = fc.nat(30);
const act = (does: Action): Action => does;
const action = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 30 }).map((days) => act((model) => model.putFile(days))) },
  { weight: 3, arbitrary: fc.array(some, { maxLength: 4 }).map((of) => act((model) => model.putTree(of))) },
  { weight: 3, arbitrary: some.map((n) => act((model) => model.name(n, 'event'))) },
  { weight: 3, arbitrary: some.map((n) => act((model) => model.name(n, 'request'))) },
  { weight: 2, arbitrary: fc.constant(act((model) => model.takeRequest())) },
  { weight: 1, arbitrary: some.map((n) => act((model) => model.putAgain(n))) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 12 }).map((count) => act((model) => model.steps(count))) },
  { weight: 1, arbitrary: fc.constant(act((model) => model.killedStep())) },
);

test.each(Array.from({ length: 12 }, (_, n) => [n]))(
  'what a request names that is taken after %d steps of the search is never gone: the log is read last',
  async (steps) => {
    const hash = await bench.oldBlob();
    const requestId = randomUUID();
    await acceptRequest(bench.gateway, { requestId, name: 'submit', message: { input: hash } });
    await bench.beginAnew();
    for (let n = 0; n < steps; n += 1) await bench.step();
    const events = [anEvent({ data: { input: hash } })];
    await appendBatch(bench.hub, bench.lane, 0, [anItem(randomUUID(), { requests: [requestId], events })]);
    await bench.finish();
    expect(await bench.isThere(hash)).toBe(true);
  },
);

test('whatever is put, named, taken and swept in whatever order: nothing that is named is ever gone', async () => {
  let removed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 80 }), async (actions) => {
      await bench.beginAnew();
      await bench.owner.query(
        'set session_replication_role = replica; delete from baton.event; delete from baton.blob; delete from baton.inbox',
      );
      await bench.owner.query('delete from baton.request; delete from baton.stream; reset session_replication_role');
      const model = new Model();
      for (const each of actions) {
        await each(model);
        await model.check();
      }
      await bench.sweepAll();
      await model.check();
      removed += await model.removed();
    }),
    { numRuns: 15 },
  );
  // What is looked at is also removed, where nothing names it.
  expect(removed).toBeGreaterThan(0);
}, 120_000);
