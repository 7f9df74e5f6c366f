import { describe, expect, it } from 'vitest';
import { chooseVariant, type Weighted } from './choose-variant.js';

const runs = Array.from({ length: 10_000 }, (_, index) => `run-${index}`);
const taken = (variants: readonly Weighted[], id = 'mood') =>
  new Map(runs.map((run) => [run, chooseVariant(variants, run, id)?.variant]));
const share = (chosen: ReturnType<typeof taken>, variant: string): number =>
  [...chosen.values()].filter((each) => each === variant).length / runs.length;

const main = { variant: 'main', weight: 1 };
const kind = { variant: 'kind', weight: 3 };
const brief = { variant: 'brief', weight: 1 };

describe('the variant of a run', () => {
  it('is the same whenever it is asked for, and in whatever order the variants stand', () => {
    expect(taken([main, kind, brief])).toEqual(taken([brief, main, kind]));
    // A change of the rule would give runs that are under way other variants: these stay for ever.
    const ids = ['0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11', '3f2a91c0-0000-4000-8000-000000000000', 'a', 'b', 'c', 'd'];
    expect(ids.map((run) => chooseVariant([main, kind], run, 'mood')?.variant)).toMatchInlineSnapshot(`
      [
        "kind",
        "kind",
        "main",
        "kind",
        "main",
        "kind",
      ]
    `);
  });

  it('is taken in proportion to the weights', () => {
    const chosen = taken([main, kind]);
    // Four standard deviations of 10,000 draws at 3/4.
    expect(Math.abs(share(chosen, 'kind') - 0.75)).toBeLessThan(0.0174);
  });

  it('is never one without weight, and none where none has any', () => {
    expect(share(taken([main, { variant: 'odd', weight: 0 }]), 'main')).toBe(1);
    expect(chooseVariant([{ variant: 'odd', weight: 0 }], 'a', 'mood')).toBeNull();
    expect(chooseVariant([], 'a', 'mood')).toBeNull();
  });

  it('changes only where it has to when a variant comes or goes', () => {
    const [before, after] = [taken([main, kind]), taken([main, kind, brief])];
    for (const [run, variant] of after) if (variant !== 'brief') expect(before.get(run)).toBe(variant);
    expect(Math.abs(share(after, 'brief') - 0.2)).toBeLessThan(0.016);
  });

  it('is drawn for each template by itself', () => {
    const [one, other] = [taken([main, brief], 'mood'), taken([main, brief], 'tone')];
    const both = runs.filter((run) => one.get(run) === 'main' && other.get(run) === 'main').length;
    expect(Math.abs(both / runs.length - 0.25)).toBeLessThan(0.0174);
  });
});
