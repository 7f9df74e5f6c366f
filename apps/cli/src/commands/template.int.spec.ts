import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const [SHIPPED, MINE, STRICT, PAST] = ['aa', 'bb', 'cc', 'dd'].map((byte) => byte.repeat(32));
const texts = new Map([
  [SHIPPED, 'one\ntwo\n'],
  [MINE, 'one\nmine\n'],
  [STRICT, 'strict\n'],
  [PAST, 'past, without an end'],
]);
const version = (sha256: string | undefined, status: string, variant = 'main') => ({
  ...{ variant, version: '1.0.0', sha256, status },
  ...{ firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-01T00:00:00.000Z' },
});
const found = {
  ...{ id: 'mood', variant: 'main', weight: 1, version: '1.0.0', sha256: MINE, agent: 'prompt', output: 'Text' },
  ...{ title: 'Mood', layer: '/mine', path: 'mood.md', isShipped: false, isReplaced: false, toldAt: 'now' },
};

beforeEach(() => {
  const broken = { layer: '/mine', path: 'tone.md', id: 'tone', variant: 'main', problem: 'tone.md cannot be used.' };
  const shipped = { ...found, sha256: SHIPPED, layer: '/prompts', isShipped: true, isReplaced: true };
  const list = { templates: [found, shipped], problems: [broken] };
  bench.routes.set('GET /v1/templates', (_, response) => json(response, 200, list));
  const versions = [
    version(MINE, 'in-use'),
    version(STRICT, 'in-use', 'strict'),
    version(PAST, 'past'),
    version(SHIPPED, 'replaced'),
  ];
  bench.routes.set('GET /v1/templates/mood', (_, response) => json(response, 200, { id: 'mood', versions }));
  for (const [sha256, text] of texts) {
    const { variant } = versions.find((each) => each.sha256 === sha256) ?? { variant: '' };
    const answer = { id: 'mood', variant, version: '1.0.0', sha256, text };
    for (const hash of [sha256, sha256?.slice(0, 8)]) {
      bench.routes.set(`GET /v1/templates/mood/texts/${hash}`, (_, response) => json(response, 200, answer));
    }
  }
});

describe('template list', () => {
  test('shows what is used, what lies below it, and what cannot be used', async () => {
    const { exitCode, stdout, stderr } = await bench.baton(['template', 'list']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^mood +main +1 +1\.0\.0 +bbbbbbbbbbbb +prompt +in-use +\/mine$/m);
    expect(stdout).toMatch(/^mood .* aaaaaaaaaaaa +prompt +replaced +shipped$/m);
    expect(stdout).toMatch(/^tone +main .* unusable +\/mine\/tone\.md$/m);
    expect(stderr).toBe('tone.md cannot be used.\n');
    const items = JSON.parse((await bench.baton(['template', 'list', '-o', 'json'])).stdout);
    expect(items).toMatchObject([{ status: 'in-use' }, { status: 'replaced' }, { status: 'unusable', id: 'tone' }]);
  });
});

describe('template show', () => {
  test.each([
    [['mood'], 'one\nmine\n'],
    [['mood', '--variant', 'strict'], 'strict\n'],
    [['mood@dddddddd'], 'past, without an end'],
  ])('prints the text as it is: %j', async (args, text) => {
    expect(await bench.baton(['template', 'show', ...args])).toMatchObject({ exitCode: 0, stdout: text });
  });

  test('lists every text that there was', async () => {
    const { stdout } = await bench.baton(['template', 'show', 'mood', '--versions']);
    expect(stdout).toMatch(/^main +1\.0\.0 +dddddddddddd +past /m);
  });

  test.each([
    [['Mood'], 2, 'Mood is not the name of a template.'],
    [['mood@'], 2, 'mood@ is not the name of a template.'],
    [['mood@xyz'], 2, 'xyz is not the beginning of a hash.'],
    [['mood@dddddddd', '--variant', 'main'], 2, 'A hash is that of one variant.'],
    [
      ['mood', '--variant', 'strikt'],
      3,
      'There is no variant strikt of mood; it has main, strict. Did you mean "strict"?',
    ],
    [['tone'], 3, 'There is no template tone.'],
  ])('says what is wrong with %j', async (args, exitCode, sentence) => {
    bench.routes.set('GET /v1/templates/tone', (_, response) =>
      problem(response, 404, 'unknown-template', 'There is no template tone.'),
    );
    const ended = await bench.baton(['template', 'show', ...args]);
    expect(ended).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(sentence) });
  });
});

describe('template diff', () => {
  test('compares what is in use with what it stands in for', async () => {
    const { exitCode, stdout } = await bench.baton(['template', 'diff', 'mood']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('--- mood main 1.0.0 aaaaaaaaaaaa\n+++ mood main 1.0.0 bbbbbbbbbbbb\n');
    expect(stdout).toContain(' one\n-two\n+mine\n');
  });

  test('compares variants, and texts by the beginnings of their hashes', async () => {
    const { stdout } = await bench.baton(['template', 'diff', 'mood', 'strict', 'aaaaaaaa', '-o', 'json']);
    const { from, to, patch } = JSON.parse(stdout);
    expect([from.sha256, to.sha256]).toEqual([STRICT, SHIPPED]);
    expect(patch).toContain('-strict\n+one\n');
    expect(await bench.baton(['template', 'diff', 'mood', 'main', 'main'])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  test('has nothing to compare where there is one text only', async () => {
    bench.routes.set('GET /v1/templates/mood', (_, response) =>
      json(response, 200, { id: 'mood', versions: [version(MINE, 'in-use')] }),
    );
    const ended = await bench.baton(['template', 'diff', 'mood']);
    expect(ended).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('There is only one text of mood') });
  });
});
