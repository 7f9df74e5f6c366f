/** What the ids of requests begin with that a schedule makes. No gateway has a view of their runs before they begin. */
export const SCHEDULED = 'schedule:';
