/** A stream of numbers in [0, 1). */
export type RandomSource = () => number;

/** FNV-1a, 32 bits. */
function hash(text: string, basis: number): number {
  let value = basis;
  for (let i = 0; i < text.length; i += 1) {
    value ^= text.charCodeAt(i);
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}

/**
 * The stream of random numbers that belongs to a seed: the same seed always gives the same numbers, so a decision taken
 * twice draws the same. xoshiro128** seeded by four hashes; not for secrets.
 */
export function randomFrom(seed: string): RandomSource {
  let a = hash(seed, 0x811c9dc5) | 1;
  let b = hash(seed, 0x9747b28c);
  let c = hash(seed, 0x85ebca6b);
  let d = hash(seed, 0xc2b2ae35);
  const next = (): number => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  // Seeds that differ in one character give related states; a few rounds drive them apart.
  for (let i = 0; i < 12; i += 1) next();
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** A UUID of version 4 with the stream's numbers for its random bits. */
export function uuidFrom(random: RandomSource): string {
  const hex = Array.from({ length: 32 }, (_, index) => {
    const digit = Math.floor(random() * 16);
    if (index === 12) return '4';
    return (index === 16 ? (digit & 3) | 8 : digit).toString(16);
  }).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
