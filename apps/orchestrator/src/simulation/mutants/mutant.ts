import type { Messaging } from '@baton/messaging';
import type { Hub } from '../../hub/hub.js';
import type { Clockwork, Process } from '../world/clockwork.js';
import type { Rows, Tables } from '../world/database/tables.js';
import type { QueueServer } from '../world/queue-server.js';

/** The places where a deliberate bug may sit: between the product and what it stands on, and never in it. */
export interface Wires {
  /** Between a process and the database. */
  readonly answer?: (
    name: string,
    values: readonly unknown[],
    next: (values: readonly unknown[]) => Rows,
    process: Process,
  ) => Rows;
  /** Between whoever brings messages and the hub. */
  readonly hub?: (hub: Hub) => Hub;
  /** Between a process and the queues. */
  readonly messaging?: (messaging: Messaging) => Messaging;
}

interface WorldOfMutant {
  readonly tables: Tables;
  readonly clockwork: Clockwork;
  readonly server: QueueServer;
}

/** A bug on purpose, to show that the simulation would find it. */
export interface Mutant {
  readonly name: string;
  /** What is wrong, in words. */
  readonly bug: string;
  /** The first seed that finds it, of all from 1 on: so many seeds it took. A test looks from there on. */
  readonly foundAt: number;
  /** Made anew for each simulation. */
  readonly wires: (world: WorldOfMutant) => Wires;
}
