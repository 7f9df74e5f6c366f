import { z } from 'zod';
import type { ToolFinding } from '../../task/outputs.js';

const Line = z.int().positive().nullish().catch(null);

const Eslint = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({ line: Line, message: z.string(), severity: z.number(), ruleId: z.string().nullish() }),
    ),
  }),
);

/** `eslint --format json`. Warnings are none of the problems: they fail nothing. */
export function readEslint(text: string): readonly ToolFinding[] | null {
  const parsed = Eslint.safeParse(jsonIn(text));
  if (!parsed.success) return null;
  return parsed.data.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ severity }) => severity >= 2)
      .map(({ line, message, ruleId }) => ({
        file: filePath,
        line: line ?? null,
        message: ruleId == null ? message : `${message} (${ruleId})`,
      })),
  );
}

const Ruff = z.array(
  z.object({
    filename: z.string(),
    code: z.string().nullish(),
    message: z.string(),
    location: z.object({ row: Line }).nullish(),
  }),
);

/** `ruff check --output-format=json`. */
export function readRuff(text: string): readonly ToolFinding[] | null {
  const parsed = Ruff.safeParse(jsonIn(text));
  if (!parsed.success) return null;
  return parsed.data.map(({ filename, code, message, location }) => ({
    file: filename,
    line: location?.row ?? null,
    message: code == null ? message : `${code}: ${message}`,
  }));
}

const Sarif = z.object({
  runs: z.array(
    z.object({
      results: z
        .array(
          z.object({
            ruleId: z.string().nullish(),
            level: z.string().nullish(),
            kind: z.string().nullish(),
            message: z.object({ text: z.string().nullish() }).nullish(),
            locations: z
              .array(
                z.object({
                  physicalLocation: z
                    .object({
                      artifactLocation: z.object({ uri: z.string().nullish() }).nullish(),
                      region: z.object({ startLine: Line }).nullish(),
                    })
                    .nullish(),
                }),
              )
              .nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

/** SARIF 2.1.0. A result without a level is a warning there, and counts: the tool said that it failed. Notes do not. */
export function readSarif(text: string): readonly ToolFinding[] | null {
  const parsed = Sarif.safeParse(jsonIn(text));
  if (!parsed.success) return null;
  return parsed.data.runs.flatMap(({ results }) =>
    (results ?? [])
      .filter(({ level, kind }) => level !== 'note' && level !== 'none' && (kind ?? 'fail') === 'fail')
      .map(({ ruleId, message, locations }) => {
        const place = locations?.[0]?.physicalLocation;
        const words = message?.text ?? 'no message';
        return {
          file: place?.artifactLocation?.uri?.replace(/^file:\/\//, '') ?? null,
          line: place?.region?.startLine ?? null,
          message: ruleId == null ? words : `${ruleId}: ${words}`,
        };
      }),
  );
}

/** The JSON in what was printed: the whole of it, else from the first line that begins one, behind the words of a runner. */
function jsonIn(text: string): unknown {
  const begins = text.search(/^[[{]/m);
  for (const candidate of [text, begins > 0 ? text.slice(begins) : '']) {
    try {
      return JSON.parse(candidate);
    } catch {
      // Not this part.
    }
  }
  return null;
}
