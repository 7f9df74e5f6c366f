/*
 * A filter for system calls, as the bytes that `bwrap --seccomp` loads: classic BPF over `struct seccomp_data` (nr at 0,
 * arch at 4, arguments from 16, eight bytes each, little-endian), as in the kernel's Documentation/userspace-api/seccomp_filter.rst.
 * What is not named here is allowed: the filter closes what namespaces, the missing rights and the limits leave open, such as
 * memory that no limit counts (memfd, System V), sockets that no network namespace holds (vsock), and the way to new
 * user namespaces. Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux.
 */

interface Numbers {
  readonly arch: number;
  readonly refused: readonly number[];
  readonly socket: number;
  readonly clone: number;
  readonly ioctl: number;
}

/** The same on every architecture: what came after 423. Opening and moving mounts, pidfd_getfd, io_uring, memfd_secret. */
const NEWER = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442, 443, 447];
const CLONE3 = 435;

// ptrace, process_vm_readv/writev, kcmp · keyctl, add_key, request_key · bpf, perf_event_open, userfaultfd, memfd_create ·
// mount, umount2, pivot_root, chroot, setns, unshare · kexec_load, kexec_file_load, init_module, finit_module, delete_module,
// reboot · swapon, swapoff, syslog, acct, quotactl · open_by_handle_at, name_to_handle_at · settimeofday, adjtimex,
// clock_settime, clock_adjtime · shmget, msgget, semget, mq_open · and on x86 iopl, ioperm, modify_ldt
const X64 = [
  ...[101, 310, 311, 312, 250, 248, 249, 321, 298, 323, 319, 165, 166, 155, 161, 308, 272, 246, 320, 175, 313, 176],
  ...[169, 167, 168, 103, 163, 179, 304, 303, 164, 159, 227, 305, 29, 68, 64, 240, 172, 173, 154],
];
const ARM64 = [
  ...[117, 270, 271, 272, 219, 217, 218, 280, 241, 282, 279, 40, 39, 41, 51, 268, 97, 104, 294, 105, 273, 106],
  ...[142, 224, 225, 116, 89, 60, 265, 264, 170, 171, 112, 266, 194, 186, 190, 180],
];

const NUMBERS: Readonly<Record<string, Numbers>> = {
  x64: { arch: 0xc000003e, refused: [...X64, ...NEWER], socket: 41, clone: 56, ioctl: 16 },
  arm64: { arch: 0xc00000b7, refused: [...ARM64, ...NEWER], socket: 198, clone: 220, ioctl: 29 },
};

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: the network namespace holds them. Tests of a server talk to it over loopback. */
const FAMILIES = [1, 2, 10, 16];
/** CLONE_NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET and NEWNS. */
const NEW_NAMESPACE = 0x7e020000;
/** TIOCSTI and TIOCLINUX put words into a terminal. */
const TERMINAL_WORDS = [0x5412, 0x541c];
/** System calls of the x32 interface have this bit, and numbers of their own. */
const X32_BIT = 0x40000000;

const [LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN] = [0x20, 0x15, 0x35, 0x45, 0x06];
const [ALLOW, ERRNO, KILL] = [0x7fff0000, 0x00050000, 0x80000000];
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
const [AT_NR, AT_ARCH, AT_ARG0, AT_ARG1] = [0, 4, 16, 24];

type Instruction = readonly [code: number, yes: number, no: number, value: number];

const ret = (value: number): Instruction => [RETURN, 0, 0, value];
const load = (offset: number): Instruction => [LOAD, 0, 0, offset];

/** Where the number is `nr`, looks at an argument by `then`, which returns for every case. */
const forCall = (nr: number, then: readonly Instruction[]): readonly Instruction[] => [
  [EQUAL, 0, then.length, nr],
  ...then,
];

/** @returns null where the architecture is not known: then nothing is filtered */
export function seccompFilter(architecture: string): Uint8Array | null {
  const numbers = NUMBERS[architecture];
  if (numbers === undefined) return null;
  const families = FAMILIES.map((family, index): Instruction => [EQUAL, FAMILIES.length - index, 0, family]);
  const words = TERMINAL_WORDS.map((word, index): Instruction => [EQUAL, TERMINAL_WORDS.length - index, 0, word]);
  const program: readonly Instruction[] = [
    load(AT_ARCH),
    [EQUAL, 1, 0, numbers.arch],
    ret(KILL),
    load(AT_NR),
    [AT_LEAST, 0, 1, X32_BIT],
    ret(ERRNO | ENOSYS),
    ...numbers.refused.flatMap((nr) => forCall(nr, [ret(ERRNO | EPERM)])),
    // Its flags lie in memory, where a filter cannot look; libraries fall back to clone.
    ...forCall(CLONE3, [ret(ERRNO | ENOSYS)]),
    ...forCall(numbers.socket, [load(AT_ARG0), ...families, ret(ERRNO | EAFNOSUPPORT), ret(ALLOW)]),
    ...forCall(numbers.clone, [load(AT_ARG0), [ANY_BIT, 0, 1, NEW_NAMESPACE], ret(ERRNO | EPERM), ret(ALLOW)]),
    ...forCall(numbers.ioctl, [load(AT_ARG1), ...words, ret(ALLOW), ret(ERRNO | EPERM)]),
    ret(ALLOW),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, yes, no, value], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  return bytes;
}
