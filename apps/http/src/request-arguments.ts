import { Json } from '@baton/contracts';
import { z } from 'zod';

/*
 * What a Task with `Resource: baton:http` says, in the words that `arn:aws:states:::http:invoke` has for it. Wherever a text of a
 * header, a parameter or the body may be, `{ "secret": "NAME" }` may be, too: with `before`, behind such a text.
 */

const SecretName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'expected letters, digits, dots and dashes');

export const SecretReference = z.strictObject({ secret: SecretName, before: z.string().max(100).optional() });
export type SecretReference = z.infer<typeof SecretReference>;

const Value = z.union([z.string().max(8_192), z.number(), z.boolean(), SecretReference]);
const Values = z.record(z.string().min(1).max(256), z.union([Value, z.array(Value).max(100)]));

/** `arn:aws:events:…:connection/NAME/…`: the secret NAME is the whole header `Authorization`. */
const Connection = z.strictObject({
  ConnectionArn: z.string().regex(/^arn:aws[a-z-]*:events:[^:]*:[^:]*:connection\/[^/]+(\/[^/]+)?$/),
});

export const RequestArguments = z.strictObject({
  ApiEndpoint: z.string().min(1).max(8_192),
  Method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']),
  Headers: Values.optional(),
  QueryParameters: Values.optional(),
  RequestBody: Json.optional(),
  Authentication: z.union([Connection, SecretReference]).optional(),
  InvocationConfig: Connection.optional(),
  Transform: z
    .strictObject({
      RequestBodyEncoding: z.enum(['NONE', 'URL_ENCODED']),
      RequestEncodingOptions: z
        .strictObject({ ArrayFormat: z.enum(['INDICES', 'REPEAT', 'COMMAS', 'BRACKETS', 'NONE']) })
        .optional(),
    })
    .optional(),
});
export type RequestArguments = z.infer<typeof RequestArguments>;

export const HttpResult = z.object({
  StatusCode: z.int(),
  StatusText: z.string(),
  Headers: z.record(z.string(), z.array(z.string())),
  ResponseBody: Json,
});
export type HttpResult = z.infer<typeof HttpResult>;

/** Which secret a request authenticates with, as the header `Authorization`. */
export function authorizationOf({ Authentication, InvocationConfig }: RequestArguments): SecretReference | null {
  if (Authentication !== undefined && 'secret' in Authentication) return Authentication;
  const arn = Authentication?.ConnectionArn ?? InvocationConfig?.ConnectionArn;
  const name = arn === undefined ? undefined : /:connection\/([^/]+)/.exec(arn)?.[1];
  return name === undefined ? null : { secret: name };
}
