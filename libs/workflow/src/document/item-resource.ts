export const ITEMS_KIND = 'map-items';

/** Who reads the items of a Map from elsewhere, and writes its results there: a worker, like any that a Task may ask for. */
export const ITEMS_RESOURCE = `baton:worker:${ITEMS_KIND}`;

const S3 = /^arn:.+:states:::s3:(getObject|listObjectsV2|putObject)$/;
const READ = ['getObject', 'listObjectsV2'];
const OWN = ['baton:workspace', 'baton:blob'];

/** What is wrong with the Resource of an ItemReader or a ResultWriter, or null. */
export function checkItemResource(text: string, of: 'ItemReader' | 'ResultWriter'): string | null {
  const action = S3.exec(text)?.[1];
  if (OWN.includes(text) || (action !== undefined && READ.includes(action) === (of === 'ItemReader'))) return null;
  const known = of === 'ItemReader' ? 's3:getObject and arn:aws:states:::s3:listObjectsV2' : 's3:putObject';
  return `unknown resource for ${of}; there are baton:workspace, baton:blob, arn:aws:states:::${known}`;
}
