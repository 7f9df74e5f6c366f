import { nameOf, type Target } from './host-rules.js';

/** What was done with one host, `host:port`. */
interface HostUse {
  readonly host: string;
  readonly connections: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** A host that was asked for in vain, as often as it was. */
interface HostProblem {
  readonly host: string;
  readonly reason: string;
  readonly times: number;
}

/** What went through a proxy, and what did not. */
export interface ProxyReport {
  readonly reached: readonly HostUse[];
  /** Those that may not be reached. */
  readonly refused: readonly HostProblem[];
  /** Those that may be, and did not answer. */
  readonly unreachable: readonly HostProblem[];
}

/** Who means harm asks for thousands: what is over this is counted, without names. */
const MOST_NAMES = 50;
const OTHERS = 'others';

export interface Ledger {
  readonly reached: (target: Target) => void;
  readonly sent: (target: Target, bytes: number) => void;
  readonly received: (target: Target, bytes: number) => void;
  readonly refused: (host: string, reason: string) => void;
  readonly unreachable: (host: string, reason: string) => void;
  readonly totalBytes: () => number;
  readonly report: () => ProxyReport;
}

export function openLedger(): Ledger {
  const uses = new Map<string, HostUse>();
  const refusals = new Map<string, HostProblem>();
  const failures = new Map<string, HostProblem>();
  let total = 0;
  const add = (target: Target, more: Partial<HostUse>): void => {
    const host = nameOf(target);
    const { connections, sentBytes, receivedBytes } = uses.get(host) ?? EMPTY;
    uses.set(host, {
      host,
      connections: connections + (more.connections ?? 0),
      sentBytes: sentBytes + (more.sentBytes ?? 0),
      receivedBytes: receivedBytes + (more.receivedBytes ?? 0),
    });
    total += (more.sentBytes ?? 0) + (more.receivedBytes ?? 0);
  };
  const note = (problems: Map<string, HostProblem>, named: string, reason: string): void => {
    const host = problems.has(named) || problems.size < MOST_NAMES ? named : OTHERS;
    problems.set(host, { host, reason, times: (problems.get(host)?.times ?? 0) + 1 });
  };
  const named = <T extends { readonly host: string }>(entries: Map<string, T>): readonly T[] =>
    [...entries.values()].toSorted((a, b) => (a.host < b.host ? -1 : 1));
  return {
    reached: (target) => add(target, { connections: 1 }),
    sent: (target, sentBytes) => add(target, { sentBytes }),
    received: (target, receivedBytes) => add(target, { receivedBytes }),
    refused: (host, reason) => note(refusals, host, reason),
    unreachable: (host, reason) => note(failures, host, reason),
    totalBytes: () => total,
    report: () => ({ reached: named(uses), refused: named(refusals), unreachable: named(failures) }),
  };
}

const EMPTY = { connections: 0, sentBytes: 0, receivedBytes: 0 };
