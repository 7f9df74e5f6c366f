import { endpoint, service } from '@restatedev/restate-sdk';

/** A handler of steps that do nothing, each of which Restate records. Ends with whoever started it. */
const bench = service({
  name: 'bench',
  handlers: {
    chain: async (context, /** @type {number} */ steps) => {
      for (let step = 1; step <= steps; step += 1) await context.run(`S${step}`, () => step);
    },
  },
});

await endpoint().bind(bench).listen(Number(process.argv[2]));
process.stdout.write('"ready"\n');
process.stdin.on('end', () => process.exit(0)).resume();
