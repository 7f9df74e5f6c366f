import { createInterface } from 'node:readline';

/**
 * @typedef {object} Engine
 * @property {(steps: number) => Promise<void>} run one run of so many steps that do nothing, until its end is known
 * @property {() => Promise<void>} stop
 */

/**
 * A program that measures an engine: it says `ready`, then takes a plan a line and gives its outcome. It ends when nobody
 * gives it plans any more.
 *
 * The loop comes from whoever starts it, as the first argument, so that every engine is measured with the same.
 * @param {(place: string) => Promise<Engine>} open the second argument says where its server is
 */
export async function drive(open) {
  const [loop = '', place = ''] = process.argv.slice(2);
  const { closedLoop } = await import(loop);
  const engine = await open(place);
  process.stdout.write('"ready"\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps, ...plan } = JSON.parse(line);
    const outcome = await closedLoop(() => engine.run(steps), plan);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
  await engine.stop();
  process.exit(0);
}
