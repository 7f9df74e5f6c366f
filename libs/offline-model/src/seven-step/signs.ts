import type { Language } from './script.js';

/** Words by which a text speaks of failure, in the languages most plans are written in. */
const FAILURE =
  /error|fail|invalid|reject|exception|malformed|fehler|ungültig|erreur|invalide|inválid|errore|ошибк|错误|錯誤|エラー|오류/iu;

/** Whether a line is about an error case. What it quotes does not count: a quoted wish is not yet a planned test. */
export const isAboutFailure = (text: string): boolean => FAILURE.test(text.replace(/“[^”]*”/g, ''));

export const isTestFile = (path: string): boolean =>
  /(?:^|\/)tests?\/|[._-](?:test|spec)s?\.|(?:^|\/)test_/i.test(path);

export const SOURCE_FILE = {
  typescript: /\.(?:ts|mts|tsx)$/,
  python: /\.py$/,
} as const satisfies Record<Language, RegExp>;
