/** Where one can go from everywhere; `key` after `g` goes there. */
export const PLACES = [
  { to: '/', title: 'Runs', key: 'r' },
  { to: '/approvals', title: 'Approvals', key: 'a' },
  { to: '/submit', title: 'Submit', key: 's' },
  { to: '/workflows', title: 'Workflows', key: 'w' },
  { to: '/insight', title: 'Insight', key: 'i' },
  { to: '/operations', title: 'Operations', key: 'o' },
] as const;
