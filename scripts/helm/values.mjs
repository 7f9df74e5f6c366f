/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * As Helm lays values over those of a chart: maps by their keys, everything else as a whole.
 * @param {any} under
 * @param {any} over
 * @returns {any}
 */
export function withValues(under, over) {
  if (!isMap(under) || !isMap(over)) return over;
  const both = { ...under };
  for (const [key, value] of Object.entries(over)) both[key] = withValues(under[key], value);
  return both;
}
