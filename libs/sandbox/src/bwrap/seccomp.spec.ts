import { describe, expect, it } from 'vitest';
import { seccompFilter } from './seccomp.js';

interface Call {
  readonly arch: number;
  readonly nr: number;
  readonly args?: readonly number[];
}

/** Runs the few instructions that the filter is made of, as the kernel does. @returns what the filter returns */
function verdict(program: Uint8Array, { arch, nr, args = [] }: Call): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(nr, 0);
  data.writeUInt32LE(arch, 4);
  args.forEach((arg, index) => void data.writeUInt32LE(arg >>> 0, 16 + index * 8));
  const code = Buffer.from(program);
  let accumulator = 0;
  for (let at = 0; at < code.length / 8; at += 1) {
    const [operation, yes, no] = [code.readUInt16LE(at * 8), code[at * 8 + 2] ?? 0, code[at * 8 + 3] ?? 0];
    const value = code.readUInt32LE(at * 8 + 4);
    const jump = (holds: boolean): void => {
      at += holds ? yes : no;
    };
    if (operation === 0x06) return value;
    if (operation === 0x20) accumulator = data.readUInt32LE(value);
    else if (operation === 0x15) jump(accumulator === value);
    else if (operation === 0x35) jump(accumulator >= value);
    else if (operation === 0x45) jump((accumulator & value) >>> 0 !== 0);
    else throw new Error(`not an instruction of this filter: ${operation}`);
  }
  throw new Error('the filter ended without a verdict');
}

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (number: number): number => 0x00050000 | number;
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97].map(errno);

describe.each([
  ['x64', 0xc000003e, { read: 0, ptrace: 101, socket: 41, clone: 56, ioctl: 16, unshare: 272, memfd: 319, mount: 165 }],
  [
    'arm64',
    0xc00000b7,
    { read: 63, ptrace: 117, socket: 198, clone: 220, ioctl: 29, unshare: 97, memfd: 279, mount: 40 },
  ],
] as const)('the filter of system calls on %s', (architecture, arch, numbers) => {
  const program = seccompFilter(architecture) ?? new Uint8Array();
  const of = (nr: number, ...args: readonly number[]): number => verdict(program, { arch, nr, args });

  it('allows what is not named', () => {
    expect(of(numbers.read)).toBe(ALLOW);
    expect(of(434)).toBe(ALLOW);
  });
  it('refuses what is', () => {
    for (const nr of [numbers.ptrace, numbers.unshare, numbers.memfd, numbers.mount, 425, 430])
      expect(of(nr)).toBe(EPERM);
  });
  it('lets libraries fall back from clone3, whose flags it cannot see', () => {
    expect(of(435)).toBe(ENOSYS);
  });
  it('refuses new namespaces and no other child', () => {
    expect(of(numbers.clone, 17)).toBe(ALLOW);
    expect(of(numbers.clone, 0x3d0f00)).toBe(ALLOW);
    for (const flag of [0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000])
      expect(of(numbers.clone, flag | 17)).toBe(EPERM);
  });
  it('allows the families of sockets that a network namespace holds', () => {
    for (const family of [1, 2, 10, 16]) expect(of(numbers.socket, family)).toBe(ALLOW);
    for (const family of [0, 3, 17, 31, 38, 40, 44]) expect(of(numbers.socket, family)).toBe(EAFNOSUPPORT);
  });
  it('puts no words into a terminal', () => {
    expect(of(numbers.ioctl, 1, 0x5401)).toBe(ALLOW);
    for (const request of [0x5412, 0x541c]) expect(of(numbers.ioctl, 1, request)).toBe(EPERM);
  });
  it('knows no other interface of the kernel', () => {
    expect(verdict(program, { arch: 0x40000003, nr: 0 })).toBe(KILL);
    expect(of(0x40000000 + numbers.read)).toBe(ENOSYS);
  });
});

it('there is no filter for an architecture that is not known', () => {
  expect(seccompFilter('riscv64')).toBeNull();
});
