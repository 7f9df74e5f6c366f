import { describe, expect, it } from 'vitest';
import { type HostRule, rulesWithin } from './host-rules.js';

const rule = (port: number | null, host = 'a.example'): HostRule => ({ host, port });

describe('what of the hosts that somebody wants is allowed', () => {
  it.each([
    ['the same is', [rule(null)], [rule(null)], [rule(null)]],
    ['another port is not', [rule(8443)], [rule(443), rule(null)], []],
    ['another host is not', [rule(443, 'b.example')], [rule(443)], []],
    ['the usual port of a host is, where the host is', [rule(443), rule(80)], [rule(null)], [rule(443), rule(80)]],
    ['of a host no more is than its allowed port', [rule(null)], [rule(443)], [rule(443)]],
    ['a host is not by a port that is not usual', [rule(null)], [rule(8443)], []],
    ['nothing is where nothing is allowed', [rule(null)], [], []],
  ])('%s', (_, wanted, allowed, expected) => {
    expect(rulesWithin(wanted, allowed)).toEqual(expected);
  });
});
