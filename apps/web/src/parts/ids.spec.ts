import { expect, it } from 'vitest';
import { idIn } from './ids.js';

const RUN = 'aaaa1111-0000-4000-8000-000000000001';

it('knows the id of a run, the beginning of one, and that of a task or an approval', () => {
  expect(idIn(` ${RUN.toUpperCase()}\n`)).toEqual({ kind: 'run', id: RUN, runId: RUN });
  expect(idIn('aaaa1111')).toEqual({ kind: 'run', id: 'aaaa1111', runId: 'aaaa1111' });
  expect(idIn('aaaa1111-00')).toEqual({ kind: 'run', id: 'aaaa1111-00', runId: 'aaaa1111-00' });
  expect(idIn(`${RUN}-12`)).toEqual({ kind: 'task', id: `${RUN}-12`, runId: RUN });
});

it('finds it in the address of a page', () => {
  expect(idIn(`http://127.0.0.1:4400/runs/${RUN}?tab=events`)?.id).toBe(RUN);
});

it('takes words for no id', () => {
  for (const text of ['', 'facade', 'deadbeef', 'count words', 'aaaa1', `${RUN}-x`, '12345678901'])
    expect(idIn(text), text).toBeNull();
});
