// Renders the chart with Go's own text/template, compiled to WebAssembly: `helm` is on no registry that the tests reach. The
// chart keeps to what that engine has by itself, so Helm, which adds functions to the same engine, renders the same. What Helm
// does beside that is done here: values over those of values.yaml, the schema, and the names `.Release` and `.Chart`.
//
// A program of its own, because the engine stays in its process. Standard input: a list of values; standard output: for each of
// them the templates by their names, as text.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parse as render } from '@evertdespiegeleer/go-template';
import { parse } from 'yaml';
import { withValues } from './values.mjs';

const chart = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'infra/helm/baton');
/** @param {string} name */
const read = (name) => readFileSync(join(chart, name), 'utf8');

const facts = parse(read('Chart.yaml'));
/** Helm gives the fields of Chart.yaml names that begin with a capital. */
const Chart = Object.fromEntries(
  Object.entries(facts).map(([name, value]) => [`${name[0]?.toUpperCase()}${name.slice(1)}`, value]),
);
const Release = { Name: 'baton', Namespace: 'agents', Service: 'Helm', IsInstall: true, IsUpgrade: false, Revision: 1 };
const parts = read('templates/_parts.tpl');
const names = readdirSync(join(chart, 'templates')).filter((name) => !name.startsWith('_'));

const rendered = [];
for (const given of JSON.parse(await text(process.stdin))) {
  const Values = withValues(parse(read('values.yaml')), given);
  /** @type {Record<string, string>} */
  const files = {};
  for (const name of names)
    files[name] = await render(`${parts}${read(`templates/${name}`)}`, { Values, Release, Chart });
  rendered.push(files);
}
process.stdout.write(JSON.stringify(rendered), () => process.exit(0));
