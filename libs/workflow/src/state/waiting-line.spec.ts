import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_LINE, firstInLine, joinLine, leaveLine, lineOf } from './waiting-line.js';

const move = fc.record({ visit: fc.nat(30), joins: fc.boolean() });

test('the first of a line is the lowest visit that joinLine and has not left', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 200 }), (moves) => {
      const waiting = new Set<number>();
      let line = EMPTY_LINE;
      for (const { visit, joins } of moves) {
        const before = line;
        const first = firstInLine(before);
        line = joins ? joinLine(line, visit) : leaveLine(line, visit);
        if (joins) waiting.add(visit);
        else waiting.delete(visit);
        expect(firstInLine(line)).toBe(waiting.size === 0 ? null : Math.min(...waiting));
        expect([...line.visits].sort((a, b) => a - b)).toEqual([...waiting].sort((a, b) => a - b));
        // A line is never changed, only followed by another.
        expect(firstInLine(before)).toBe(first);
      }
    }),
  );
});

test('a line is served in the order of its visits, whatever order they joinLine in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { maxLength: 100 }), (visits) => {
      const served: number[] = [];
      for (let line = lineOf(visits), first = firstInLine(line); first !== null; first = firstInLine(line)) {
        served.push(first);
        line = leaveLine(line, first);
      }
      expect(served).toEqual([...visits].sort((a, b) => a - b));
    }),
  );
});

test('a line of ten thousand who leave from its end holds nobody and nothing any more', () => {
  let line = lineOf(Array.from({ length: 10_000 }, (_, visit) => visit));
  for (let visit = 9_999; visit >= 0; visit -= 1) line = leaveLine(line, visit);
  expect(line.visits.size).toBe(0);
  expect(line.heap).toBeNull();
});
