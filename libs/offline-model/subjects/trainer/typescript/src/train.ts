import { writeFileSync } from 'node:fs';
import { readTable } from './files.ts';
import { train } from './model.ts';

const [from, to] = process.argv.slice(2);
try {
  if (from === undefined || to === undefined) throw new Error('say node src/train.ts TRAINING MODEL');
  const model = train(readTable(from));
  writeFileSync(to, `${JSON.stringify(model, null, 2)}\n`);
  console.log(`learnt from ${model.trainedOn} rows, to a depth of ${model.depth}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
