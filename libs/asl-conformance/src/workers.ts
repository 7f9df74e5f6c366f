import { isJsonObject, type Json } from '@baton/asl';

/** What a worker of the recorded cases does with a task. `silent` never answers. */
export type Answer =
  | { readonly type: 'succeeded'; readonly output: Json; readonly afterMs: number }
  | { readonly type: 'failed'; readonly error: string; readonly cause: string }
  | { readonly type: 'silent' };

const gives = (output: Json, afterMs = 0): Answer => ({ type: 'succeeded', output, afterMs });

/** The cause of a failing worker is JSON text, as the service's functions give it. */
const raises = (errorType: string, errorMessage: string): Answer => ({
  type: 'failed',
  error: errorType,
  cause: JSON.stringify({ errorMessage, errorType, requestId: '00000000-0000-4000-8000-000000000000', stackTrace: [] }),
});

const WORKERS: Readonly<Record<string, (input: Json) => Answer>> = {
  identity: (input) => gives(input),
  'hello-world': () => gives({ Return: 'HelloWorld' }),
  'raise-exception': () => raises('Exception', 'Some exception was raised.'),
  'raise-custom-exception': () => raises('CustomException', ''),
  'return-bytes-string': () => gives('HelloWorld!'),
  'decorate-input': (input) => gives(`decorated: ${JSON.stringify(input)}`),
  'large-output-string': () => gives('a'.repeat(263_168)),
  'sleep-60': () => ({ type: 'silent' }),
  'activity-echo': (input) => gives(input),
  'activity-fail': (input) => ({ type: 'failed', error: 'Programmatic Error', cause: JSON.stringify(input) }),
  'activity-silent': () => ({ type: 'silent' }),
  'activity-heartbeat-echo': (input) => gives(input, 4_000),
  'activity-deleted': () => ({ type: 'failed', error: 'States.Runtime', cause: 'The activity does not exist.' }),
};

/** The kind under which `arn:aws:states:::lambda:invoke` runs here. */
export const INVOKE_KIND = 'lambda-invoke';

export function answerOf(kind: string, task: Json): Answer {
  if (kind === INVOKE_KIND) return invoke(task);
  const work = Object.hasOwn(WORKERS, kind) ? WORKERS[kind] : undefined;
  return work === undefined
    ? { type: 'failed', error: 'Lambda.ResourceNotFoundException', cause: `there is no worker ${kind}` }
    : work(task);
}

/** `lambda:invoke`: the payload goes to the function that the task names, and the answer comes in an envelope. */
function invoke(task: Json): Answer {
  const { FunctionName, Payload } = isJsonObject(task) ? task : {};
  const kind = typeof FunctionName === 'string' ? FunctionName.replace(/^worker:/, '') : '';
  const answer = answerOf(kind === INVOKE_KIND ? '' : kind, payloadOf(Payload ?? null));
  if (answer.type !== 'succeeded') return answer;
  const envelope = { ExecutedVersion: '$LATEST', Payload: answer.output, StatusCode: 200 };
  return { ...answer, output: { ...envelope, SdkHttpMetadata: {}, SdkResponseMetadata: {} } };
}

/** A text is the raw body; nothing arrives as `{}`. */
function payloadOf(payload: Json): Json {
  if (payload === null) return {};
  if (typeof payload !== 'string') return payload;
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
