import { resolve } from 'node:path';
import type { MigrationSet } from '@baton/event-store';

/** The tables of the read model, in schema `baton`. They need those of the event store first. */
export const readModelMigrations: MigrationSet = {
  component: 'read-model',
  directory: resolve(import.meta.dirname, '../migrations'),
};
