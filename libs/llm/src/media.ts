import type { Feature, ModelCapabilities } from './capabilities.js';
import type { Media, ModelRequest } from './model.js';

/** The feature that a model needs to read it. */
export const featureOf = ({ mediaType }: Media): Extract<Feature, 'images' | 'pdf'> =>
  mediaType === 'application/pdf' ? 'pdf' : 'images';

/** All images and PDF of a request, those of its turns included. */
export const mediaOf = ({ media = [], turns = [] }: ModelRequest): readonly Media[] => [
  ...media,
  ...turns.flatMap(({ outcomes }) => outcomes.flatMap((outcome) => outcome.media ?? [])),
];

/** The same request without them: a server cannot make anything of one of them. */
export function withoutMedia({ media: _, turns, ...request }: ModelRequest): ModelRequest {
  const bare = turns?.map((turn) => ({
    ...turn,
    outcomes: turn.outcomes.map(({ media = [], ...outcome }) => ({
      ...outcome,
      text: [outcome.text, ...media.map(notShown)].join('\n'),
    })),
  }));
  return { ...request, ...(bare === undefined ? {} : { turns: bare }) };
}

const notShown = ({ name }: Media): string => `[${name} could not be shown: the server cannot read it.]`;

/** Those that the model reads, and a line for each of the others. */
export function shownTo(
  known: ModelCapabilities,
  media: readonly Media[],
): { readonly shown: readonly Media[]; readonly named: readonly string[] } {
  const reads = (each: Media): boolean => known.features.has(featureOf(each));
  return { shown: media.filter(reads), named: media.filter((each) => !reads(each)).map(nameOnly) };
}

const nameOnly = (media: Media): string =>
  `[${media.name} is ${media.mediaType}. The model of this task does not read ${featureOf(media) === 'pdf' ? 'PDF' : 'images'}: it is known by its name only.]`;

export const sizeInBytes = ({ base64 }: Media): number => Math.floor((base64.length * 3) / 4);
