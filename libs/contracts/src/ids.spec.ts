import { describe, expect, test } from 'vitest';
import { CommandId, commandIdOf, RunId, requestJobId, resultJobId, runIdOfRequest, taskJobId } from './ids.js';

const RUN = '0190aa11-2b3c-4d5e-8f60-123456789abc';

describe('ids', () => {
  test('a run id in capitals is read in lower case, so that its commands keep their form', () => {
    expect(RunId.parse(RUN.toUpperCase())).toBe(RUN);
    expect(CommandId.safeParse(commandIdOf(RunId.parse(RUN.toUpperCase()), 1)).success).toBe(true);
  });

  test('a command id is the run id and an ordinal from 1', () => {
    expect(CommandId.safeParse(commandIdOf(RUN, 12)).success).toBe(true);
    for (const wrong of [RUN, `${RUN}-0`, `${RUN}-x`, `${RUN}-01`, `x${RUN}-1`]) {
      expect(CommandId.safeParse(wrong).success, wrong).toBe(false);
    }
  });

  test('the same request always means the same run, and another request another one', () => {
    expect(runIdOfRequest('order 7')).toBe(runIdOfRequest('order 7'));
    expect(runIdOfRequest('order 7')).not.toBe(runIdOfRequest('order 8'));
    // A value that is stored in logs: it must never change.
    expect(runIdOfRequest('order 7')).toBe('f84a1854-83ba-50f0-86e1-89daf4b6785c');
  });

  test('job ids hold nothing that BullMQ refuses', () => {
    for (const id of [
      taskJobId(commandIdOf(RUN, 1), 0),
      resultJobId(commandIdOf(RUN, 1), 3),
      requestJobId('a:b c/ü'),
    ]) {
      expect(id).not.toContain(':');
      expect(id).not.toMatch(/^\d+$/);
    }
  });
});
