import { AwsClient } from 'aws4fetch';
import { refused, sent, webPublication } from './http.js';
import type { Publication } from './publication.js';

export interface S3Settings {
  readonly bucket: string;
  /** Empty, or without slashes at its ends. */
  readonly prefix: string;
  /** Of a server that speaks S3; of Amazon where it is not given. */
  readonly endpoint?: string;
  readonly region: string;
  readonly keyId: string;
  readonly secret: string;
}

/** A bucket; its names stand in the path, as every server that speaks S3 takes them. */
export function s3Publication({ bucket, prefix, endpoint, region, keyId, secret }: S3Settings): Publication {
  const client = new AwsClient({ accessKeyId: keyId, secretAccessKey: secret, region, service: 's3', retries: 0 });
  const send = (url: string, init: RequestInit): Promise<Response> => client.fetch(url, init);
  const root = `${(endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '')}/${bucket}`;
  const begin = prefix === '' ? '' : `${prefix}/`;
  const list = async (): Promise<readonly string[]> => {
    const names: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query: string = new URLSearchParams({ 'list-type': '2', prefix: begin, 'start-after': after }).toString();
      const response = await sent(send, 'GET', `${root}?${query}`, {});
      if (!response.ok) throw refused('GET', root, response);
      const answer = await response.text();
      // Our own names have no character that XML would write in another way, and others are passed over.
      const keys = [...answer.matchAll(/<Key>([a-zA-Z0-9./_-]+)<\/Key>/g)].map(([, key = '']) => key);
      names.push(...keys.filter((key) => key.startsWith(begin)).map((key) => key.slice(begin.length)));
      after = answer.includes('<IsTruncated>true</IsTruncated>') ? (keys.at(-1) ?? null) : null;
    }
    return names;
  };
  return webPublication(`${root}/${prefix}`, send, list);
}
