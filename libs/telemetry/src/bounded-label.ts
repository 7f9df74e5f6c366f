/** What names a label is given beyond its bound. */
export const OTHER = 'other';
const MOST_OF_NAME = 100;

/**
 * The value of a label whose values others choose: the first so many names as they are, and all that come later as one. A series is
 * kept for as long as its process lives, and whoever publishes a thousand workflows must not fill it.
 */
export function boundedLabel(most = 50): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    const short = name.slice(0, MOST_OF_NAME);
    if (known.has(short)) return short;
    if (known.size >= most) return OTHER;
    known.add(short);
    return short;
  };
}
