import { readFileSync } from 'node:fs';
import type { Feature, Row, Table } from './model.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCell = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

const isRow = (value: unknown): value is Row => isObject(value) && Object.values(value).every(isCell);

const isFeature = (value: unknown): value is Feature =>
  isObject(value) && typeof value.column === 'string' && (value.kind === 'number' || value.kind === 'category');

export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} cannot be read as JSON`, { cause });
  }
}

export function readRows(path: string): readonly Row[] {
  const rows = readJson(path);
  if (Array.isArray(rows) && rows.every(isRow)) return rows;
  throw new Error(`${path} is no list of rows`);
}

export function readTable(path: string): Table {
  const table = readJson(path);
  if (!isObject(table) || typeof table.target !== 'string') throw new Error(`${path} names no target`);
  const { target, features, rows } = table;
  if (!Array.isArray(features) || !features.every(isFeature)) throw new Error(`${path} has no list of features`);
  if (!Array.isArray(rows) || !rows.every(isRow)) throw new Error(`${path} has no list of rows`);
  return { target, features, rows };
}
