import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { ToolFinding } from '../../task/outputs.js';

const Problem = z.union([
  z.string(),
  z.looseObject({ message: z.string().optional(), '#text': z.string().optional() }),
]);
const list = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), item.transform((one) => [one])])
    .optional()
    .catch(undefined);

const Case = z.looseObject({
  name: z.string().optional(),
  classname: z.string().optional(),
  file: z.string().optional(),
  line: z.coerce.number().int().positive().optional().catch(undefined),
  failure: list(Problem),
  error: list(Problem),
  skipped: z.unknown().optional(),
});

interface Suite {
  readonly testcase?: readonly z.output<typeof Case>[] | undefined;
  readonly testsuite?: readonly Suite[] | undefined;
}
const Suite: z.ZodType<Suite> = z.lazy(() => z.looseObject({ testcase: list(Case), testsuite: list(Suite) }));

/** Suites within suites deeper than anybody writes them. */
const MOST_DEPTH = 20;
const MOST_MESSAGE = 1_000;

/** JUnit's XML, as most test runners write it. */
export function readJunit(text: string): readonly ToolFinding[] | null {
  return suitesIn(text)?.flatMap((suite) => problemsIn(suite, 0)) ?? null;
}

/** The names of the tests that were run; null where the text is no such XML. */
export function junitCases(text: string): readonly string[] | null {
  return suitesIn(text)?.flatMap((suite) => namesIn(suite, 0)) ?? null;
}

function namesIn({ testcase = [], testsuite = [] }: Suite, depth: number): readonly string[] {
  if (depth > MOST_DEPTH) return [];
  return [
    ...testcase.flatMap(({ name = '', skipped }) => (skipped === undefined ? [name] : [])),
    ...testsuite.flatMap((inner) => namesIn(inner, depth + 1)),
  ];
}

function suitesIn(text: string): readonly Suite[] | null {
  if (!/<testsuites?[\s/>]/.test(text)) return null;
  // No entities but those of XML itself: a report needs none, and they multiply.
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: { enabled: true, maxEntityCount: 0 },
  });
  try {
    const root = z.looseObject({ testsuites: list(Suite), testsuite: list(Suite) }).safeParse(parser.parse(text));
    if (!root.success) return null;
    return [...(root.data.testsuites ?? []), ...(root.data.testsuite ?? [])];
  } catch {
    return null;
  }
}

function problemsIn({ testcase = [], testsuite = [] }: Suite, depth: number): readonly ToolFinding[] {
  if (depth > MOST_DEPTH) return [];
  return [
    ...testcase.flatMap(({ name = '', classname, file, line, failure = [], error = [] }) =>
      [...failure, ...error].map((problem) => ({
        file: file ?? null,
        line: line ?? null,
        message: `test ${JSON.stringify(classname === undefined ? name : `${classname} ${name}`)}: ${wordsOf(problem)}`,
      })),
    ),
    ...testsuite.flatMap((inner) => problemsIn(inner, depth + 1)),
  ];
}

function wordsOf(problem: z.output<typeof Problem>): string {
  if (typeof problem === 'string') return problem.trim().slice(0, MOST_MESSAGE) || 'failed';
  const words = [problem.message, problem['#text']].find((text) => text !== undefined && text.trim() !== '');
  return words?.trim().slice(0, MOST_MESSAGE) ?? 'failed';
}
