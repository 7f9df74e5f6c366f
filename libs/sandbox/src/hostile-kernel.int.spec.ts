import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attack, hasSandbox } from './testing/attack.js';
import { LIMITS } from './testing/limits.js';

/** By number, on x86-64 and on arm64. */
const NUMBERS = {
  ptrace: [101, 117],
  bpf: [321, 280],
  userfaultfd: [323, 282],
  perf_event_open: [298, 241],
  io_uring_setup: [425, 425],
  add_key: [248, 217],
  keyctl: [250, 219],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  setns: [308, 268],
  unshare: [272, 97],
  fsopen: [430, 430],
  kexec_load: [246, 104],
  init_module: [175, 105],
  open_by_handle_at: [304, 265],
  process_vm_writev: [311, 271],
  clock_settime: [227, 112],
  pidfd_getfd: [438, 438],
  reboot: [169, 142],
} as const;
const isArm = process.arch === 'arm64';
const SOCKET = isArm ? 198 : 41;
const CLONE = isArm ? 220 : 56;

const listening = async (server: Server, at: string | number): Promise<number> => {
  onTestFinished(() => void server.close());
  await once(typeof at === 'string' ? server.listen(at) : server.listen(at, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

describe.skipIf(!hasSandbox)('a hostile program and the kernel', () => {
  it.each(Object.entries(NUMBERS))('that calls %s is refused', async (_, [x64, arm64]) => {
    const code = `my $r = syscall(${isArm ? arm64 : x64}, 0, 0, 0, 0, 0); print "ESCAPED" if $r >= 0; print "tried $!"`;
    expect((await attack(code, { program: 'perl' })).text).toContain('tried Operation not permitted');
  });

  it('that asks for a user namespace gets none, in any way', async () => {
    const { text } = await attack(`
      unshare -Ur true 2>/dev/null && echo ESCAPED; unshare -m true 2>/dev/null && echo ESCAPED
      perl -e 'print "ESCAPED" if syscall(${CLONE}, 0x10000000 | 17, 0, 0, 0, 0) >= 0; print "clone $!\\n"'
      nsenter -t 1 -a true 2>/dev/null && echo ESCAPED; which bwrap && bwrap --ro-bind / / true 2>/dev/null && echo ESCAPED
      cat /proc/self/status | grep -E "CapEff|CapBnd|NoNewPrivs"; echo tried`);
    expect(text).toContain('clone Operation not permitted');
    expect(text).toMatch(/CapEff:\s+0{16}\s+CapBnd:\s+0{16}\s+NoNewPrivs:\s+1/);
  });

  it('that mounts, leaves its root or makes itself root cannot', async () => {
    const { text } = await attack(`
      mount -t tmpfs none /tmp 2>/dev/null && echo ESCAPED; mount -o remount,rw /usr 2>/dev/null && echo ESCAPED
      mount --bind / /tmp 2>/dev/null && echo ESCAPED; mount -t proc proc /tmp 2>/dev/null && echo ESCAPED
      chroot / true 2>/dev/null && echo ESCAPED
      cp /usr/bin/id own; chmod 6755 own; ./own -u; chown 0 own 2>/dev/null && echo ESCAPED
      for program in $(find /usr -perm /6000 -type f 2>/dev/null); do echo setuid $program; done
      su -c id </dev/null; sudo -n id; perl -e '$> = 0; print "ESCAPED" if $> == 0'; id -u; echo tried`);
    expect(text).toMatch(/^1000$/m);
    expect(text).not.toMatch(/^0$|uid=0/m);
  });

  it('that writes to the settings of the kernel cannot', async () => {
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
    const { text } = await attack(`
      for file in /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sys/vm/overcommit_memory \
          /proc/sys/net/ipv4/ip_forward /proc/sysrq-trigger /proc/sys/kernel/modprobe /proc/1/oom_score_adj; do
        (echo -900 > $file) 2>/dev/null && echo ESCAPED $file; done
      hostname evil 2>/dev/null && echo ESCAPED; date -s 2001-01-01 2>/dev/null >/dev/null && echo ESCAPED
      ls /sys /sys/fs/cgroup 2>/dev/null && echo ESCAPED; dmesg 2>/dev/null && echo ESCAPED; echo tried $(hostname)`);
    expect(text).toContain('tried sandbox');
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).toBe(pattern);
  });

  it('that takes over the first process of its sandbox gains nothing by it', async () => {
    const { text } = await attack(`
      (exec 3<> /proc/1/mem) 2>/dev/null && echo taken
      grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/1/status; grep -E 'processes|data' /proc/1/limits; echo tried`);
    expect(text).toMatch(
      /Uid:\s+1000\s+1000\s+1000\s+1000\s+CapEff:\s+0{16}\s+CapBnd:\s+0{16}\s+NoNewPrivs:\s+1\s+Seccomp:\s+2/,
    );
    expect(text).toMatch(new RegExp(`Max data size +${LIMITS.memoryMb * 1024 * 1024} `));
    expect(text).toMatch(new RegExp(`Max processes +${LIMITS.processes} `));
  });

  it('that looks for devices finds none but the harmless ones', async () => {
    const { text } = await attack(`
      for device in mem kmem port kvm vda sda nvme0n1 tty console fuse net/tun loop-control vsock; do
        head -c 1 /dev/$device 2>/dev/null && echo ESCAPED; done
      ls /dev | tr '\\n' ' '; echo tried`);
    expect(text).toContain('fd full null random shm stderr stdin stdout urandom zero tried');
  });

  it('that puts words into a terminal finds none, and may not', async () => {
    const code =
      'for my $f (*STDIN, *STDOUT) { my $c = "x"; print "ESCAPED" if ioctl($f, 0x5412, $c); print "$!\\n" } open(my $t, "<", "/dev/tty") and print "ESCAPED"; print "tried"';
    expect((await attack(code, { program: 'perl' })).text).toContain('Operation not permitted');
  });

  it.each([17, 38, 40, 44])('that opens a socket of family %i is refused', async (family) => {
    const code = `my $r = syscall(${SOCKET}, ${family}, 2, 0); print "ESCAPED" if $r >= 0; print "tried $!"`;
    expect((await attack(code, { program: 'perl' })).text).toContain('tried Address family not supported');
  });

  it('that calls our servers reaches none, over TCP, UDP and unix sockets', async () => {
    const called: string[] = [];
    const serve = (name: string): Server => createServer((socket) => socket.destroy(void called.push(name)));
    const folder = await mkdtemp(join(tmpdir(), 'baton-socket-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await chmod(folder, 0o755);
    const port = await listening(serve('tcp'), 0);
    await listening(serve('unix'), join(folder, 'socket'));
    await chmod(join(folder, 'socket'), 0o777);
    await listening(serve('abstract'), '\0baton-hostile');
    const udp = createSocket('udp4', () => called.push('udp'));
    onTestFinished(() => void udp.close());
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const { text } = await attack(
      `const net = require('node:net');
      const ways = [{ port: ${port}, host: '127.0.0.1' }, { path: '${folder}/socket' }, { path: '\\0baton-hostile' },
        { port: 80, host: '169.254.169.254' }, { port: 53, host: '1.1.1.1' }, { port: 443, host: 'example.com' }];
      for (const way of ways) net.connect(way).on('connect', () => console.log('ESCAPED')).on('error', (e) => console.log(e.code));
      const udp = require('node:dgram').createSocket('udp4'); udp.send('x', ${udp.address().port}, '127.0.0.1', () => udp.close());`,
      { program: 'node' },
    );
    expect(text.trim().split('\n').sort()).toEqual([
      'ECONNREFUSED',
      'ECONNREFUSED',
      'ENETUNREACH',
      'ENETUNREACH',
      'ENOENT',
      'ENOTFOUND',
    ]);
    expect(called).toEqual([]);
  });

  it('that serves others serves only itself', async () => {
    const port = 40_000 + (process.pid % 20_000);
    const running = attack(
      `require('node:net').createServer((s) => s.end('mine')).listen(${port}, '0.0.0.0', () =>
        require('node:net').connect(${port}, 'localhost').on('data', (d) => { console.log('heard ' + d); setTimeout(() => process.exit(), 300); }));`,
      { program: 'node' },
    );
    const outside = connect(port, '127.0.0.1');
    const [error] = await once(outside, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    // Over loopback of its own, so that tests of a server can be run.
    expect((await running).text).toContain('heard mine');
  });

  it('a command reaches a unix socket that it is given, and only that: the way for a proxy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-socket-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await chmod(folder, 0o755);
    await listening(
      createServer((socket) => void socket.end('through')),
      join(folder, 'socket'),
    );
    await chmod(join(folder, 'socket'), 0o777);
    const code = `require('node:net').connect('/proxy/socket').on('data', (data) => console.log('heard ' + data)).on('error', console.log)`;
    const { text } = await attack(code, { program: 'node', readOnly: [{ from: folder, at: '/proxy' }] });
    expect(text).toContain('heard through');
  });
});
