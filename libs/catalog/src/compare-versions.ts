/** Orders versions such as 1.10.0 by number. The numbers may be of any size. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(BigInt), b.split('.').map(BigInt)];
  for (let part = 0; part < 3; part += 1) {
    const [one = 0n, other = 0n] = [left[part], right[part]];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
