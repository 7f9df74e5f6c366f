import { expect, test } from 'vitest';
import { createLogger } from './logger.js';
import { nestLogger } from './nest-logger.js';

function capture(level: 'info' | 'trace'): { lines: Record<string, unknown>[]; log: ReturnType<typeof createLogger> } {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLogger({ name: 'planner', level }, { write: (line) => lines.push(JSON.parse(line)) }) };
}

test('a line is one JSON object with the level as a word, the service, the time and the ids', () => {
  const { lines, log } = capture('info');
  log.info({ runId: 'r-1' }, 'run started');
  log.debug('not shown');
  expect(lines).toEqual([
    expect.objectContaining({ level: 'info', name: 'planner', runId: 'r-1', msg: 'run started' }),
  ]);
  expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test('the secrets of the environment are cut out of every line', () => {
  process.env.LOGGER_SPEC_API_KEY = 'logger-spec-key-1';
  const { lines, log } = capture('info');
  delete process.env.LOGGER_SPEC_API_KEY;
  log.warn({ err: new Error('401: logger-spec-key-1 is no key') }, 'the server said logger-spec-key-1');
  expect(JSON.stringify(lines)).not.toContain('logger-spec-key-1');
  expect(lines[0]?.msg).toBe('the server said [secret]');
});

test('the start-up talk of Nest is debug, its warnings and errors keep their level, context and stack', () => {
  const { lines, log } = capture('trace');
  const nest = nestLogger(log);
  nest.log('AppModule dependencies initialized', 'InstanceLoader');
  nest.warn('odd', 'Router');
  nest.error('bad', 'Error: bad\n    at here', 'ExceptionsHandler');
  nest.error(new Error('worse'));
  expect(lines.map(({ level, context, msg }) => ({ level, context, msg }))).toEqual([
    { level: 'debug', context: 'InstanceLoader', msg: 'AppModule dependencies initialized' },
    { level: 'warn', context: 'Router', msg: 'odd' },
    { level: 'error', context: 'ExceptionsHandler', msg: 'bad' },
    { level: 'error', context: undefined, msg: 'worse' },
  ]);
  expect(lines[2]?.stack).toContain('at here');
  expect(lines[3]?.err).toMatchObject({ message: 'worse' });
});
