import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasSandbox } from '../testing/sandboxes.js';
import { openSetUps } from './set-ups.js';
import type { SetUpSettings } from './settings.js';
import { judge, rules, settingsOf } from './testing/judged.js';

/** Servers of this machine: one on the list, which redirects to the other, and one that nobody may reach. */
async function servers() {
  const asked: string[] = [];
  const open = async (answer: Parameters<typeof createServer>[1]): Promise<number> => {
    const server = createServer(answer);
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  };
  const secret = await open((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    answer.end('hunter2');
  });
  const listed = await open(
    (_, answer) => void answer.writeHead(302, { location: `http://localhost:${secret}/` }).end(),
  );
  return { asked, secret, listed };
}

/** Runs a set-up that means harm; what it left must be no more than what it fills, and it says `tried` at its end. */
async function attack(
  command: string,
  hosts: readonly string[] = [],
  changes: Partial<SetUpSettings> = {},
  isStopped = false,
) {
  const settings = settingsOf(onTestFinished, changes);
  const all = `{ ${command}\n} > log 2>&1\nmkdir -p filled; cp log filled/log; echo tried >> filled/log`;
  const setup = { command: all, fills: ['filled'], hosts, timeoutSeconds: 30 };
  const look = "cat filled/log; grep -q '^tried$' filled/log && ! grep -qE 'ESCAPED|hunter2' filled/log";
  const tools = { setup, checks: [{ name: 'look', command: look }] };
  const report = await judge({ '.baton/tools.yaml': JSON.stringify(tools), 'a.txt': 'a' }, settings);
  expect(await readdir(join(settings.cacheDir, 'work'))).toEqual([]);
  // What it said of its way out stands in the findings.
  if (!isStopped) expect(report).toMatchObject({ passed: true, tools: [{}, { findings: [] }] });
  return { report, settings };
}

const NODE_GET = (url: string): string =>
  `node -e 'fetch("${url}").then(async (r) => console.log("ESCAPED", await r.text()), () => {})'`;

describe.skipIf(!hasSandbox)('a set-up that means harm', () => {
  it.each([
    ['by its name', (port: number) => `localhost:${port}`],
    ['by its address', (port: number) => `127.0.0.1:${port}`],
    ['by its address as a number', (port: number) => `2130706433:${port}`],
    ['by its address of version 6', (port: number) => `[::1]:${port}`],
  ])('reaches no host that is not on its list, %s, in a tunnel or without', async (_, host) => {
    const { asked, secret, listed } = await servers();
    const target = host(secret);
    const { report } = await attack(
      `curl -sgfm 5 http://${target}/ && echo ESCAPED; curl -sgfm 5 -p http://${target}/ && echo ESCAPED
       ${NODE_GET(`http://${target}/`)}; true`,
      [`localhost:${listed}`],
      { ownNetwork: rules(`localhost:${listed}`, `localhost:${secret}`) },
    );
    expect(asked).toEqual([]);
    expect(report.setUp?.hosts).toEqual([]);
  });

  it('reaches none by a redirect of one that is, and is told of', async () => {
    const { asked, secret, listed } = await servers();
    const { report } = await attack(
      `node -e '
        const http = require("node:http"); const proxy = new URL(process.env.http_proxy);
        const get = (url) => new Promise((done) => http.get({ host: proxy.hostname, port: proxy.port, path: url }, (r) => { r.resume(); done(r); }));
        get("http://localhost:${listed}/").then((r) => get(r.headers.location)).then((r) => console.log("then", r.statusCode))'`,
      [`localhost:${listed}`],
      { ownNetwork: rules(`localhost:${listed}`, `localhost:${secret}`) },
    );
    expect(asked).toEqual([]);
    expect(report.setUp?.hosts).toMatchObject([{ host: `localhost:${listed}`, connections: 1 }]);
    expect(report.setUp?.refused).toEqual([
      { host: `localhost:${secret}`, reason: 'it is not on the list of hosts', times: 1 },
    ]);
    expect(report.tools[0]?.reason).toContain(`It asked for hosts that it may not reach: localhost:${secret}.`);
  });

  it('gets no tunnel to another port of a host on its list, and none to the metadata of a cloud', async () => {
    const { asked, secret, listed } = await servers();
    const connect = (target: string): string =>
      `node -e '
        const http = require("node:http"); const proxy = new URL(process.env.http_proxy);
        http.request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path: "${target}" })
          .on("connect", (r, s) => { console.log("answer", r.statusCode); s.destroy(); }).on("error", () => {}).end()'`;
    const { report } = await attack(
      `${connect(`localhost:${secret}`)}; ${connect('169.254.169.254:80')}; ${connect('meta.example:443')}`,
      [`localhost:${listed}`, '169.254.169.254:80', 'meta.example'],
      {
        ownNetwork: rules(`localhost:${listed}`, '169.254.169.254:80', 'meta.example'),
        resolve: async () => [{ address: '169.254.169.254', family: 4 }],
      },
    );
    expect(asked).toEqual([]);
    expect(report.setUp?.refused.map(({ host, reason }) => `${host} ${reason}`)).toEqual([
      '169.254.169.254:80 it is a link-local address',
      expect.stringMatching(/^localhost:\d+ it is not on the list/),
      'meta.example:443 it leads to 169.254.169.254, which is a link-local address',
    ]);
  });

  it('has no way out beside the proxy: no socket, no name, no interface', async () => {
    const { asked, secret } = await servers();
    const { report } = await attack(
      `unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
       bash -c 'exec 3<>/dev/tcp/127.0.0.1/${secret}' 2>/dev/null && echo ESCAPED
       bash -c 'exec 3<>/dev/tcp/1.1.1.1/53' 2>/dev/null && echo ESCAPED
       ${NODE_GET(`http://127.0.0.1:${secret}/`)}; getent hosts registry.npmjs.org && echo ESCAPED; true`,
    );
    expect(asked).toEqual([]);
    expect(report.setUp).toMatchObject({ hosts: [], refused: [] });
  });

  it('writes nowhere but below its worktree, and what it leaves there beside what it fills is gone', async () => {
    const { report } = await attack(
      `for path in /usr/x /etc/x /own/x /run/baton/x /run/baton/socket ../x /x; do (echo x > $path) 2>/dev/null && echo ESCAPED $path; done
       rm -f /run/baton/socket 2>/dev/null && echo ESCAPED; echo changed > a.txt; echo x > left.txt; ln -s / filled-link`,
    );
    expect(report).toMatchObject({ passed: true });
    expect(report.setUp).toMatchObject({ from: 'run' });
  });

  it('leaves no process behind', async () => {
    const mark = `${process.pid}777.25`;
    await attack(
      `setsid sleep ${mark} >/dev/null 2>&1 & (sleep ${mark} &) ; nohup sleep ${mark} >/dev/null 2>&1 & true`,
    );
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    expect(lines.filter((line) => line.includes(mark))).toEqual([]);
  });

  it('that fills the disk is stopped, and nothing of it is kept', async () => {
    const { report, settings } = await attack(
      'mkdir filled; for i in $(seq 200); do head -c 10M /dev/zero > filled/$i; done; sleep 20',
      [],
      { cacheMb: 50 },
      true,
    );
    expect(report).toMatchObject({
      passed: false,
      notRun: ['setup', 'look'],
      setUp: { execution: { stopped: 'disk' } },
    });
    expect(report.reason).toContain('did not come to its end: it was stopped because it left more than 50 MB');
    expect(await readdir(join(settings.cacheDir, 'entries'))).toEqual([]);
  });

  it('that fills a link is told so, and the link is not followed', async () => {
    const settings = settingsOf(onTestFinished);
    const tools = {
      setup: { command: 'ln -s / filled', fills: ['filled'] },
      checks: [{ name: 'look', command: 'true' }],
    };
    const report = await judge({ '.baton/tools.yaml': JSON.stringify(tools) }, settings);
    expect(report).toMatchObject({ passed: false, failing: ['setup'], notRun: ['look'] });
    expect(JSON.stringify(report.tools)).toContain('It left something else than a folder at filled.');
  });

  it('leaves programs that are nobody else than who runs them', async () => {
    const { settings } = await attack('mkdir filled; cp /bin/true filled/true; chmod 6755 filled/true');
    const [key = ''] = await readdir(join(settings.cacheDir, 'entries'));
    expect((await stat(join(settings.cacheDir, 'entries', key, '0/true'))).mode & 0o7000).toBe(0);
  });
});

describe.skipIf(!hasSandbox)('the outcome of a set-up', () => {
  const files = (setup: object, others: Readonly<Record<string, string>> = {}) => ({
    '.baton/tools.yaml': JSON.stringify({ setup, checks: [{ name: 'look', command: 'cat kept/*; exit 1' }] }),
    ...others,
  });
  const printed = (report: Awaited<ReturnType<typeof judge>>): string => JSON.stringify(report.tools.at(-1)?.findings);

  it('is of all that it could see: the same command over other files is another', async () => {
    const settings = settingsOf(onTestFinished);
    const setup = {
      command: 'mkdir kept; cat lock prepare.sh > kept/x 2>/dev/null; true',
      fills: ['kept'],
      lockfiles: ['lock'],
    };
    const honest = await judge(files(setup, { lock: 'one' }), settings);
    // A run that would put something else under the same lockfile: its file is not seen.
    const hostile = await judge(files(setup, { lock: 'one', 'prepare.sh': 'poison' }), settings);
    expect([honest.setUp?.from, hostile.setUp?.from]).toEqual(['run', 'cache']);
    expect(printed(hostile)).not.toContain('poison');
    for (const other of [
      files(setup, { lock: 'two' }),
      files({ ...setup, command: `${setup.command} ` }, { lock: 'one' }),
      files({ ...setup, hosts: ['evil.example'] }, { lock: 'one' }),
      files({ ...setup, lockfiles: [] }, { lock: 'one', 'prepare.sh': 'poison' }),
      files({ ...setup, lockfiles: ['lock', 'prepare.sh'] }, { lock: 'one', 'prepare.sh': 'poison' }),
    ])
      expect((await judge(other, settings)).setUp?.from).toBe('run');
    expect(await judge(files(setup, { lock: 'one' }), settings)).toMatchObject({ setUp: { from: 'cache' } });
  });

  it('cannot be changed by the checks that are shown it', async () => {
    const settings = settingsOf(onTestFinished);
    const setup = { command: 'mkdir kept; echo honest > kept/x', fills: ['kept'], lockfiles: ['lock'] };
    const evil = 'echo poison > kept/x; rm -rf kept; mv kept away; chmod -R 777 kept; cat kept/x';
    const tools = JSON.stringify({ setup, checks: [{ name: 'evil', command: evil }] });
    await judge({ '.baton/tools.yaml': tools, lock: '1' }, settings);
    const after = await judge(files(setup, { lock: '1' }), settings);
    expect(after.setUp?.from).toBe('cache');
    expect(printed(after)).toContain('honest');
  });

  it('is made once where two ask at once, and by two services either way whole', async () => {
    const settings = settingsOf(onTestFinished);
    const setup = { command: 'sleep 1; mkdir kept; date +%N > kept/x', fills: ['kept'], lockfiles: ['lock'] };
    const now = () => new Date();
    const [one, other] = [openSetUps(settings, now), openSetUps(settings, now)];
    const reports = await Promise.all([
      judge(files(setup, { lock: '1' }), settings, one),
      judge(files(setup, { lock: '1' }), settings, one),
      judge(files(setup, { lock: '1' }), settings, other),
    ]);
    expect(reports.map((report) => report.setUp?.from).filter((from) => from === 'run').length).toBeLessThanOrEqual(2);
    const again = await judge(files(setup, { lock: '1' }), settings);
    expect(new Set([...reports, again].map(printed)).size).toBe(1);
    expect(await readdir(join(settings.cacheDir, 'entries'))).toHaveLength(1);
    expect(await readdir(join(settings.cacheDir, 'uses'))).toEqual([]);
  });

  it('makes room for others, the one that was not used for longest first', async () => {
    const settings = settingsOf(onTestFinished, { cacheMb: 25 });
    const of = (lock: string) =>
      judge(
        files(
          { command: 'mkdir kept; head -c 8M /dev/urandom > kept/x', fills: ['kept'], lockfiles: ['lock'] },
          { lock },
        ),
        settings,
      );
    for (const lock of ['1', '2', '3']) await of(lock);
    expect((await of('1')).setUp?.from).toBe('cache');
    await of('4');
    expect((await of('1')).setUp?.from).toBe('cache');
    expect((await of('2')).setUp?.from).toBe('run');
    expect((await readdir(join(settings.cacheDir, 'entries'))).length).toBeLessThanOrEqual(3);
  });
});
