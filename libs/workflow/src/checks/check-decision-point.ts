import { errorAt, expressionBody, type Finding, isJsonObject, type Json, pointerTo } from '@baton/asl';
import { Json as JsonSchema } from '@baton/contracts';
import type { DecisionPoint } from '../document/workflow-document.js';

/** What can be known of the numbers of a decision point: where an expression is a plain value, its value. */
export function checkPoint({ thresholds, maxRounds }: DecisionPoint, at: string): readonly Finding[] {
  return [...checkThresholds(plainValue(thresholds), pointerTo(at, 'thresholds')), ...checkRounds(maxRounds, at)];
}

function checkThresholds(value: Json | undefined, at: string): readonly Finding[] {
  if (value === undefined) return [];
  if (!isJsonObject(value)) return [errorAt(at, 'schema', 'thresholds are an object: dimension → number')];
  return Object.entries(value).flatMap(([dimension, threshold]) => {
    if (typeof threshold === 'number' && threshold >= 0 && threshold <= 10) return [];
    const problem = `the threshold ${JSON.stringify(threshold)} for ${dimension} can never be compared: scores go from 0 to 10`;
    return [errorAt(at, 'schema', problem)];
  });
}

function checkRounds(maxRounds: string | undefined, at: string): readonly Finding[] {
  const value = plainValue(maxRounds);
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 1)) return [];
  const problem = `maxRounds is ${JSON.stringify(value)}: at least one round is needed, as a whole number`;
  return [errorAt(pointerTo(at, 'maxRounds'), 'schema', problem)];
}

/** The value of an expression that is written as JSON; undefined for one that has to be evaluated. */
function plainValue(expression: string | undefined): Json | undefined {
  if (expression === undefined) return undefined;
  try {
    return JsonSchema.parse(JSON.parse(expressionBody(expression)));
  } catch {
    return undefined;
  }
}
