/*
 * Members of the data of an event. An event of a newer Baton may lack one or have it otherwise: then it is not told. A run may
 * have hundred thousand events, so nothing is made for each of them here.
 */

export type EventData = Readonly<Record<string, unknown>>;

const isData = (value: unknown): value is EventData => typeof value === 'object' && value !== null;

const NONE: EventData = {};

export const dataIn = (value: unknown): EventData => (isData(value) ? value : NONE);

export function textIn(data: EventData, name: string): string | null {
  const value = data[name];
  return typeof value === 'string' ? value : null;
}

export function numberIn(data: EventData, name: string): number | null {
  const value = data[name];
  return typeof value === 'number' ? value : null;
}

export function listIn(data: EventData, name: string): readonly unknown[] {
  const value = data[name];
  return Array.isArray(value) ? value : [];
}

/** A time of RFC 3339 in milliseconds. */
export function timeIn(data: EventData, name: string): number | null {
  const ms = Date.parse(textIn(data, name) ?? '');
  return Number.isNaN(ms) ? null : ms;
}
