/** Where one can go from everywhere; `key` after `g` goes there. */
export const PLACES = [
  { to: '/', title: 'Runs', key: 'r' },
  { to: '/approvals', title: 'Approvals', key: 'a' },
  { to: '/submit', title: 'Submit', key: 's' },
  { to: '/workflows', title: 'Workflows', key: 'w' },
  { to: '/insight', title: 'Insight', key: 'i' },
  { to: '/recommendations', title: 'Recommendations', key: 'e' },
  { to: '/foresight', title: 'Foresight', key: 'f' },
  { to: '/operations', title: 'Operations', key: 'o' },
] as const;

/** Which of them one is at; undefined where it is none, such as a run. */
export const placeAt = (path: string): (typeof PLACES)[number] | undefined =>
  PLACES.find(({ to }) => (to === '/' ? path === '/' : path.startsWith(to)));
