import { resolve } from 'node:path';
import type { MigrationSet } from '@baton/event-store';

/** The table of published workflows, in schema `baton`. It needs those of the event store first. */
export const catalogMigrations: MigrationSet = {
  component: 'catalog',
  directory: resolve(import.meta.dirname, '../migrations'),
  movedFrom: 'read-model',
};
