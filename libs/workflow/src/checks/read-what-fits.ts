import { isJsonObject, pointerTo } from '@baton/asl';
import type { z } from 'zod';
import { WorkflowDocument } from '../document/workflow-document.js';

/** What can be read of a document that does not fit its schema. */
export interface WhatFits {
  readonly document: WorkflowDocument;
  /** Pointers to what was left out, or has a stand-in: nothing is to be said of what is there. */
  readonly leftOut: readonly string[];
}

/** Each turn leaves out what is wrong; what is around it may be wrong without it. */
const MOST_TURNS = 20;

/** Members without which there is no document. The name is none that anybody can give. */
const STAND_INS: Readonly<Record<string, unknown>> = { name: 'left-out', version: '0.0.0', title: '-', definition: {} };
/** In a list every place counts, since findings name it. */
const PHASE = { name: '', states: [''] };
const POINT = { state: '', phase: '' };

type Path = readonly PropertyKey[];

/** Null where nothing can be made of it. */
export function readWhatFits(json: unknown): WhatFits | null {
  if (!isJsonObject(json)) return null;
  const value: unknown = JSON.parse(JSON.stringify(json));
  const leftOut = new Set<string>();
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const parsed = WorkflowDocument.safeParse(value);
    if (parsed.success) return { document: parsed.data, leftOut: [...leftOut] };
    for (const path of parsed.error.issues.flatMap(pathsOf)) {
      leftOut.add(path.map(String).reduce(pointerTo, ''));
      leftOut.add(leaveOut(value, path).map(String).reduce(pointerTo, ''));
    }
  }
  return null;
}

const pathsOf = (issue: z.core.$ZodIssue): readonly Path[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);

/** Leaves out what stands at a path or, where it is missing, what misses it. @returns what was left out */
function leaveOut(value: unknown, path: Path): Path {
  const around = path.slice(0, -1);
  const key = path.at(-1);
  const holder = valueAt(value, around);
  if (key === undefined || typeof holder !== 'object' || holder === null) {
    return path.length === 0 ? path : leaveOut(value, around);
  }
  const standIn = standInFor(path);
  if (standIn !== undefined) {
    Reflect.set(holder, key, standIn);
    return path;
  }
  if (Array.isArray(holder) || !Object.hasOwn(holder, key)) return leaveOut(value, around);
  Reflect.deleteProperty(holder, key);
  return path;
}

function standInFor(path: Path): unknown {
  const [first, second, , fourth] = path;
  if (path.length === 1) return STAND_INS[String(first)];
  if (first === 'phases' && path.length === 2) return { ...PHASE };
  if (first === 'phases' && path.length === 4 && fourth !== undefined) return '';
  return first === 'decisions' && second === 'at' && path.length === 3 ? { ...POINT } : undefined;
}
