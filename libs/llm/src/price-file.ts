import { readFile } from 'node:fs/promises';
import { BatonError, explainIssues, toError } from '@baton/contracts';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ModelPrice, PRICES } from './prices.js';

/*
 * A user's own prices: of models that we do not know, of proxies that charge something else. A model that is in the file has
 * the file's prices and none of ours.
 */

/** Costs are summed in whole pico-dollars a token. */
const isExact = (rate: number): boolean => Number(rate.toFixed(6)) === rate;
const Rate = z
  .number('expected dollars for a million tokens')
  .nonnegative()
  .max(100_000)
  .refine(isExact, 'has more than six decimals');

const Rates = {
  input: Rate,
  output: Rate,
  /** As plain input where it is absent: a server without a discount. */
  cacheRead: Rate.optional(),
  cacheWrite: Rate.optional(),
};

const LongPrompt = z.strictObject({ aboveTokens: z.int().positive(), ...Rates });

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const Price = z.strictObject({
  model: z.string().min(1),
  from: z
    .string()
    .refine((text) => DAY.test(text) && !Number.isNaN(Date.parse(text)), 'expected a day such as 2026-11-21')
    .default('1970-01-01'),
  ...Rates,
  longPrompt: LongPrompt.optional(),
});

const PriceFile = z.strictObject({ prices: z.array(Price).min(1) });

/**
 * Our prices with those of a YAML or JSON file. Throws BatonError `prices-unreadable` or `prices-invalid`, which names each
 * line that is wrong.
 */
export async function readPriceFile(path: string): Promise<readonly ModelPrice[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    throw new BatonError(`The file of prices ${path} cannot be read.`, {
      code: 'prices-unreadable',
      next: 'Correct BATON_PRICES, or unset it to use the prices that Baton knows.',
      cause: toError(thrown),
    });
  }
  return pricesWith(path, text);
}

/** The same from the text of the file. */
export function pricesWith(path: string, text: string): readonly ModelPrice[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw invalid(path, [`line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0] ?? ''}`]);
  }
  const value: unknown = document.toJS();
  const parsed = PriceFile.safeParse(value);
  if (!parsed.success) {
    throw invalid(
      path,
      explainIssues(parsed.error, value, PriceFile).map(({ path: place, detail }) => {
        const line = lineOf(document, place, lines);
        const key = z.core.toDotPath(place);
        return `${line === null ? '' : `line ${line}: `}${key === '' ? '' : `${key}: `}${detail}`;
      }),
    );
  }
  const prices = parsed.data.prices.map(toPrice);
  const keys = prices.map(({ model, effectiveFrom }) => `${model} from ${effectiveFrom.slice(0, 10)}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw invalid(path, [`there are two prices of ${twice}`]);
  const own = new Set(prices.map(({ model }) => model));
  return [...PRICES.filter(({ model }) => !own.has(model)), ...prices];
}

function toPrice({ model, from, longPrompt, ...rates }: z.output<typeof Price>): ModelPrice {
  const long = longPrompt === undefined ? {} : longOf(longPrompt);
  return { model, effectiveFrom: `${from}T00:00:00Z`, rates: ratesOf(rates), ...long };
}

const longOf = ({ aboveTokens, ...rates }: z.output<typeof LongPrompt>): Pick<ModelPrice, 'longPrompt'> => ({
  longPrompt: { aboveTokens, rates: ratesOf(rates) },
});

const ratesOf = ({
  input,
  output,
  cacheRead = input,
  cacheWrite = input,
}: Pick<z.output<typeof Price>, 'input' | 'output' | 'cacheRead' | 'cacheWrite'>): ModelPrice['rates'] => ({
  input,
  output,
  cacheRead,
  cacheWrite,
});

/** The line of what is wrong, or of what it is missing in; null where there is none. */
function lineOf(document: Document, place: readonly PropertyKey[], lines: LineCounter): number | null {
  for (let length = place.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(place.slice(0, length), true);
    if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line;
  }
  return null;
}

const invalid = (path: string, problems: readonly string[]): BatonError =>
  new BatonError(`The file of prices ${path} is not valid: ${problems.join('; ')}.`, {
    code: 'prices-invalid',
    next: 'Correct the file; docs/models.md shows what it holds.',
  });
