import { parseArgs } from 'node:util';
import { BenchError } from '../leave-nothing.js';
import { wholeNumber } from '../whole-number.js';
import { ENGINE_IDS, type EngineId } from './points.js';

export interface PeerOptions {
  readonly rounds: number;
  /** How long each point is measured in each round. */
  readonly seconds: number;
  readonly engines: readonly EngineId[];
  readonly jsonFile: string | undefined;
}

/** Throws BenchError, which says what was expected. */
export function peerOptions(args: readonly string[]): PeerOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      /** Engines by their names, with commas between; all where it is absent. */
      only: { type: 'string' },
      /** A file for programs; the tables go to the standard output all the same. */
      json: { type: 'string' },
    },
  });
  return {
    rounds: wholeNumber('--rounds', values.rounds),
    seconds: wholeNumber('--seconds', values.seconds),
    engines: values.only === undefined ? ENGINE_IDS : enginesIn(values.only),
    jsonFile: values.json,
  };
}

function enginesIn(list: string): readonly EngineId[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !ENGINE_IDS.some((id) => id === name));
  if (unknown.length > 0) {
    throw new BenchError(`--only names ${unknown.join(', ')}. There are: ${ENGINE_IDS.join(', ')}.`);
  }
  return ENGINE_IDS.filter((id) => names.includes(id));
}
