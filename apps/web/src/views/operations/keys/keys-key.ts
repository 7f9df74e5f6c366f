export const KEYS_KEY = ['keys'] as const;
