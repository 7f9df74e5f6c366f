import type { Pool } from 'pg';
import type { Process } from '../clockwork.js';
import type { Operations } from '../operations.js';
import type { NewJob } from '../queue-server.js';
import { isWritten, restOf } from './append.js';
import { statementOf } from './statements.js';
import type { Rows, Tables } from './tables.js';

/** What stands between a process and the tables: where a deliberate bug may sit. */
type Answer = (name: string, values: readonly unknown[], next: (values: readonly unknown[]) => Rows) => Rows;

export interface DatabasePorts {
  readonly tables: Tables;
  readonly operations: Operations;
  readonly answer: Answer;
  /** Told of each statement that was carried out: what was asked, what was done, and what it gave. */
  readonly onAnswered: (name: string, asked: readonly unknown[], done: readonly unknown[], rows: Rows) => void;
  /** Puts a task into its queue with the commit. */
  readonly putTask: (task: NewJob) => void;
  readonly cursorLock: { holder: object | null; process: Process | null };
}

interface Asked {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

const ENDS: ReadonlySet<string> = new Set(['commit', 'rollback']);
/** Statements within a transaction that write: they are done when it is committed. */
const WRITES: ReadonlySet<string> = new Set(['store-deliveries', 'move-cursor']);

/** The connections of one process to the database. Each statement is one that may fail before or after it had its effect. */
export function poolOf(process: Process, ports: DatabasePorts): Pool {
  const { operations } = ports;
  const carryOut = ({ name, text, values = [] }: Asked): Rows => {
    const statement = statementOf(name, text);
    let done = values;
    const next = (given: readonly unknown[]): Rows => {
      done = given;
      return statement.run(ports.tables, given, statement.name);
    };
    const rows = ports.answer(statement.name, values, next);
    if (statement.name.endsWith(' along') && isWritten(rows))
      for (const task of restOf(statement.name, done).along) ports.putTask(task as NewJob);
    ports.onAnswered(statement.name, values, done, rows);
    return rows;
  };
  const query = async (asked: Asked) => {
    const rows = await operations.ask(process, `sql ${asked.name ?? ''}`, () => carryOut(asked));
    return { rows, rowCount: rows.length };
  };
  const pool = { query, connect: async () => clientOf(process, ports, carryOut), end: async () => {} };
  // What the product asks of a pool is no more than this.
  return pool as unknown as Pool;
}

function clientOf(process: Process, { operations, cursorLock }: DatabasePorts, carryOut: (asked: Asked) => Rows) {
  const client = {};
  let writes: Asked[] = [];
  const end = (): void => {
    writes = [];
    if (cursorLock.holder === client) cursorLock.holder = null;
  };
  /** Another sender has the row, and its process is still there. */
  const isHeldByOther = (): boolean =>
    cursorLock.holder !== null && cursorLock.holder !== client && cursorLock.process?.isAlive === true;
  const within = (asked: Asked): Rows => {
    const statement = statementOf(asked.name, asked.text).name;
    if (WRITES.has(statement)) {
      writes.push(asked);
      return [{ written: 1 }];
    }
    if (statement === 'read-cursor') {
      if (isHeldByOther()) return [];
      cursorLock.holder = client;
      cursorLock.process = process;
    }
    return carryOut(asked);
  };
  const execute = (asked: Asked): Rows => {
    if (!ENDS.has(asked.text)) return within(asked);
    if (asked.text === 'commit') for (const write of writes) carryOut(write);
    end();
    return [];
  };
  return Object.assign(client, {
    query: async (asked: Asked | string) => {
      const given = typeof asked === 'string' ? { text: asked } : asked;
      // It changes nothing, and whatever may happen to it may happen to the next request.
      if (given.text === 'begin') return { rows: [], rowCount: 0 };
      const rows = await operations
        .ask(process, `tx ${given.name ?? ''}`, () => execute(given))
        .catch((thrown) => {
          // The connection is gone, and with it whatever was not committed.
          end();
          throw thrown;
        });
      return { rows, rowCount: rows.length };
    },
    on: () => {},
    off: () => {},
    release: end,
  });
}
