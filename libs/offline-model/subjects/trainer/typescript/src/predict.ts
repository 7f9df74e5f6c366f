import { writeFileSync } from 'node:fs';
import { readJson, readRows } from './files.ts';
import { type Model, predict } from './model.ts';

const isModel = (value: unknown): value is Model =>
  typeof value === 'object' && value !== null && 'tree' in value && 'target' in value;

const [from, rows, to] = process.argv.slice(2);
try {
  if (from === undefined || rows === undefined || to === undefined)
    throw new Error('say node src/predict.ts MODEL ROWS PREDICTIONS');
  const model = readJson(from);
  if (!isModel(model)) throw new Error(`${from} is no model`);
  writeFileSync(to, `${JSON.stringify(readRows(rows).map((row) => predict(model, row)))}\n`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
