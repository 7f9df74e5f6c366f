import type { RunEvent } from '../run-events.js';

const T0 = Date.parse('2026-11-28T06:00:00.000Z');

type Told = readonly [afterMs: number, type: string, data: Readonly<Record<string, unknown>>];

/** A log for tests: each event by the milliseconds after 06:00 that it was recorded at, its type and its data. */
export const eventsOf = (...told: readonly Told[]): readonly RunEvent[] =>
  told.map(([afterMs, type, data], place) => ({
    ...{ position: place + 1, runId: 'r', version: place + 1, type, schemaVersion: 7, eventId: `e${place}` },
    ...{ causationId: null, correlationId: null, recordedAt: new Date(T0 + afterMs).toISOString() },
    actor: { type: 'system', id: 'hub' },
    data: JSON.parse(JSON.stringify(data)),
    summary: '',
  }));
