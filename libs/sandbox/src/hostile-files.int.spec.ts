import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLeftFile } from './read-files.js';
import { openRunFolder, type RunFolder } from './run-folder.js';
import { attack, hasSandbox, NODE, sandbox, TOOLCHAIN } from './testing/attack.js';
import { readLeftFiles } from './testing/left-files.js';
import { LIMITS } from './testing/limits.js';

const MIB = 1024 * 1024;
const BOUNDS = { files: 100, fileBytes: MIB, totalBytes: 4 * MIB };
const leftBy = ({ work }: RunFolder) => readLeftFiles(work, BOUNDS);

describe.skipIf(!hasSandbox)('a hostile program and files', () => {
  let secrets: string;
  beforeAll(async () => {
    secrets = await mkdtemp(join(tmpdir(), 'baton-secrets-'));
    await chmod(secrets, 0o755);
    for (const name of ['.baton/token', '.ssh/id_rsa']) {
      await mkdir(join(secrets, name, '..'), { recursive: true });
      await writeFile(join(secrets, name), 'hunter2\n', { mode: 0o644 });
    }
  });
  afterAll(() => rm(secrets, { recursive: true }));

  it('that fills its worktree is stopped', async () => {
    const code = 'for i in $(seq 20); do dd if=/dev/zero of=f$i bs=1M count=15 2>/dev/null; done; sleep 20';
    expect((await attack(code)).record.stopped).toBe('disk');
  });

  it('that fills it and is gone at once is told of as well', async () => {
    const code = 'for i in $(seq 3); do head -c 15M /dev/zero > f$i; done';
    expect((await attack(code)).record.stopped).toBe('disk');
  });

  it.each(['/tmp', '/home/sandbox', '/dev/shm'])('that fills %s finds its end', async (folder) => {
    const { text } = await attack(`
      for i in $(seq 20); do dd if=/dev/zero of=${folder}/f$i bs=1M count=15 2>/dev/null; done
      echo tried $(du -sm ${folder})`);
    const megabytes = Number(/tried (\d+)/.exec(text)?.[1]);
    expect(megabytes).toBeGreaterThan(0);
    expect(megabytes).toBeLessThanOrEqual(LIMITS.diskMb + 1);
  });

  it('that writes one large file is ended by the limit of a file', async () => {
    const { record } = await attack('exec dd if=/dev/zero of=large bs=1M count=500');
    expect(record).toMatchObject({ signal: 'SIGXFSZ' });
  });

  it('that makes a sparse file of a terabyte cannot', async () => {
    const { text } = await attack('truncate -s 1T sparse && echo ESCAPED; echo tried; stat -c "size %s" sparse');
    expect(text).toMatch(/tried\s+size 0/);
  });

  it.each(['/work', '/tmp'])('that makes millions of files in %s is stopped', async (folder) => {
    const code = `for (1..3e6) { open my $f, ">", "${folder}/f$_" or last }; sleep 20; print "ESCAPED"`;
    expect((await attack(code, { program: 'perl' })).record.stopped).toBe('disk');
  });

  it('that digs deeper than any path is stopped, and its folders are removed', async () => {
    const code =
      'for (1..6000) { mkdir "deep-folder-of-a-hostile-program"; chdir "deep-folder-of-a-hostile-program" or die } sleep 20';
    expect((await attack(code, { program: 'perl', limits: { files: 100_000 } })).record.stopped).toBe('disk');
  });

  it('that locks its folders is no reason to leave them', async () => {
    await attack('mkdir -p a/b; touch a/b/f; chmod 0 a/b a; chmod 0 .');
  });

  it('that looks for our secrets finds none of these files', async () => {
    const { text } = await attack(`
      for path in ${secrets}/.baton/token ${secrets}/.ssh/id_rsa ${homedir()} ${process.cwd()}/package.json \
          /etc/shadow /root /home/* /var /run /srv /opt /boot /sys /proc/kcore; do
        ls -d $path 2>/dev/null; head -c 100 $path 2>/dev/null; done; cat /etc/passwd; echo tried`);
    expect(text).not.toMatch(/root:/);
    expect(
      text
        .replace(/^.*Is a directory$/gm, '')
        .trim()
        .split('\n')
        .sort(),
    ).toEqual(['/home/sandbox', 'sandbox:x:1000:1000::/home/sandbox:/bin/sh', 'tried'].sort());
  });

  it('that looks through the folders of others sees none', async () => {
    const other = await openRunFolder(tmpdir(), new Date());
    try {
      await writeFile(join(other.work, 'secret'), 'hunter2');
      const { text } = await attack(
        `ls -a /tmp ${other.root} ${other.work}; cat ${other.work}/secret; cat /own/*; echo tried`,
      );
      expect(text).not.toMatch(/^baton-run/m);
      expect(text).toContain('tried');
    } finally {
      await other.remove();
    }
  });

  it('that goes through /proc finds its own root only', async () => {
    const { text } = await attack(
      `ls /proc/1/root/ /proc/self/root/ /proc/1/cwd/; cat /proc/1/root${secrets}/.baton/token; echo tried`,
    );
    expect(text).not.toMatch(/^(var|root|boot|srv)$/m);
  });

  it('that leaves links to our files leaves names without content', async () => {
    const code = `ln -s ${secrets}/.baton/token link; ln -s ${secrets} folder; ln -s / root; ln -s ../own up; echo x > real`;
    await attack(code, {
      after: async (folder) => {
        const left = await leftBy(folder);
        expect(left.files.map(({ path }) => path)).toEqual(['real']);
        expect(left.leftOut).toEqual(
          ['folder', 'link', 'root', 'up'].map((path) => ({ path, reason: 'it is a link' })),
        );
        expect(await readLeftFile(folder.work, 'folder/.baton/token', MIB)).toMatch(/a link or file stands/);
        expect(await readLeftFile(folder.work, '../../../../../../etc/passwd', MIB)).toBe('it lies outside');
      },
    });
  });

  it('that gives files a second name is not read there', async () => {
    const code = `ln /etc/passwd stolen && echo ESCAPED; ln /usr/bin/env stolen && echo ESCAPED; echo x > a; ln a b; echo tried`;
    await attack(code, {
      after: async (folder) => {
        expect(await leftBy(folder)).toEqual({
          files: [],
          leftOut: ['a', 'b'].map((path) => ({ path, reason: 'it has more than one name' })),
        });
      },
    });
  });

  it('that leaves pipes, sockets and devices holds nobody who reads', async () => {
    const code = `mkfifo pipe; perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1)'
      mknod memory c 1 1 && echo ESCAPED; mknod disk b 8 0 && echo ESCAPED; ls; echo tried`;
    await attack(code, {
      after: async (folder) => {
        const { files, leftOut } = await leftBy(folder);
        expect(files).toEqual([]);
        expect(leftOut.map(({ path }) => path)).toContain('pipe');
      },
    });
  });

  it('that unpacks an archive with ways out stays inside', async () => {
    const code = `mkdir in; cd in; echo x > ../up; ln -s ${secrets} way; tar cPf ../a.tar ../up way; cd ..
      tar cPf b.tar --transform 's,^up,way/escaped,' up; tar cPf c.tar --transform 's,^up,${secrets}/escaped,' up
      cd in; for a in a b c; do tar xPf ../$a.tar; done; echo tried`;
    const { text } = await attack(code);
    expect(text).toContain('tried');
    expect((await readdir(secrets)).sort()).toEqual(['.baton', '.ssh']);
  });

  it('that gives files names with control characters is read under those names', async () => {
    const code = `touch $'line\\nbreak' $'bell\\a' $'\\e[31mred' -- -rf $'bad\\xff'; echo x > $'line\\nbreak'`;
    await attack(code, {
      after: async (folder) => {
        const { files } = await leftBy(folder);
        expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['line\nbreak', '-rf', 'bell\u0007']));
      },
    });
  });

  it('that leaves more than may be read is read within bounds', async () => {
    const code = 'for i in $(seq 200); do echo $i > f$i; done; head -c 2M /dev/zero > large';
    await attack(code, {
      after: async (folder) => {
        const { files, leftOut } = await leftBy(folder);
        expect(files.length).toBeLessThanOrEqual(BOUNDS.files);
        expect(leftOut.at(-1)?.reason).toMatch(/more than 100 files|larger than/);
        expect(await readLeftFile(folder.work, 'large', MIB)).toBe(`it is larger than ${MIB} bytes`);
      },
    });
  });

  it('that replaces its whole worktree cannot', async () => {
    const code = `cd /; mv /work /tmp/old && echo ESCAPED; rm -rf /work; rmdir /work && echo ESCAPED
      ln -sfn / /work; ln -s / /work/work; umount -l /work && echo ESCAPED; echo tried`;
    await attack(code, {
      after: async ({ work }) => expect(await readLeftFile(work, 'etc/passwd', MIB)).toMatch(/cannot be opened/),
    });
  });

  it('that changes the toolchain or the system cannot', async () => {
    const node = sandbox.inside({ folder: await unopened(), readOnly: TOOLCHAIN }, NODE);
    const { text } = await attack(`
      for path in ${node} $(dirname ${node})/new /usr/bin/env /usr/new /new /bin/sh /etc/passwd /own/x /dev/x; do
        (echo x > $path) 2>/dev/null && echo ESCAPED $path; rm -f $path 2>/dev/null && [ -e $path ] || true
        mv ${node} /tmp/node 2>/dev/null && echo ESCAPED; chmod 777 ${node} 2>/dev/null && echo ESCAPED
      done
      cp /bin/sh node; PATH=.:$PATH; node -c 'echo replaced only for itself'; ${node} -p '"real " + process.version'; echo tried`);
    expect(text).toContain(`real ${process.version}`);
  });

  it('that fills memory with files leaves the machine its room', async () => {
    const { text } = await attack('head -c 10M /dev/zero > /dev/shm/left; stat -c "device %d" /dev/shm; echo tried');
    const device = Number(/device (\d+)/.exec(text)?.[1]);
    // What it filled was its own, and went with it.
    expect(device).not.toBe((await stat('/dev/shm').catch(() => null))?.dev);
    await expect.poll(() => isMounted(device)).toBe(false);
    expect(await readFile('/dev/shm/left').catch(() => null)).toBeNull();
  });
});

/** Whether any process sees the file system of the device. */
async function isMounted(device: number): Promise<boolean> {
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const mounts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '')));
  return mounts.some((lines) => lines.includes(` 0:${minor} `));
}

/** A view needs a folder, and names within the toolchain do not depend on which. */
const unopened = async (): Promise<RunFolder> => {
  const folder = await openRunFolder(tmpdir(), new Date());
  await folder.remove();
  return folder;
};
