import { readFile } from 'node:fs/promises';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import type { Described } from './described.js';

/** JSON has types in contracts, which say more than that it is not known. */
const OWN_TYPES: ReadonlySet<string> = new Set(['Json', 'JsonObject']);

/** The types of all routes, as TypeScript. @param file of the document */
export async function pathTypes(file: URL): Promise<string> {
  const document: Described = JSON.parse(await readFile(file, 'utf8'));
  const nodes = await openapiTypes(file, {
    inject: `import type { Json, JsonObject } from '@baton/contracts';`,
    transform: (_, { path = '' }) => {
      const name = path.split('/').at(-1) ?? '';
      const isOwn = path.includes('components/schemas/') && OWN_TYPES.has(name);
      return isOwn ? ts.factory.createTypeReferenceNode(name) : undefined;
    },
  });
  const { transformed } = ts.transform(nodes, [softened(sentSchemas(document))]);
  return astToString(transformed);
}

const namesIn = (schema: unknown): readonly string[] =>
  [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name);

/** The names of all schemas that requests hold. */
function sentSchemas({ paths, components }: Described): ReadonlySet<string> {
  const bodies = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ requestBody }) => requestBody ?? null),
  );
  const sent = new Set<string>();
  const waiting = [...namesIn(bodies)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (sent.has(name)) continue;
    sent.add(name);
    waiting.push(...namesIn(components.schemas[name] ?? {}));
  }
  return sent;
}

/**
 * What may be left out of a request may be undefined, too: JSON and queries leave it out then. In answers that is not so: what
 * is not there is not there.
 */
function softened(sent: ReadonlySet<string>): ts.TransformerFactory<ts.Node> {
  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      const inner = ts.visitEachChild(node, visit, context);
      return ts.isPropertySignature(inner) ? orUndefined(inner) : inner;
    };
    const inSchemas = (node: ts.Node): ts.Node => {
      if (!ts.isPropertySignature(node)) return ts.visitEachChild(node, inSchemas, context);
      if (ts.isIdentifier(node.name) && sent.has(node.name.text)) return visit(node);
      const isAround = ts.isIdentifier(node.name) && node.name.text === 'schemas';
      return isAround ? ts.visitEachChild(node, inSchemas, context) : node;
    };
    return (node) =>
      ts.isInterfaceDeclaration(node) && node.name.text === 'components' ? inSchemas(node) : visit(node);
  };
}

function orUndefined(member: ts.PropertySignature): ts.PropertySignature {
  const { modifiers, name, questionToken, type } = member;
  if (questionToken === undefined || type === undefined || type.kind === ts.SyntaxKind.NeverKeyword) return member;
  const { factory } = ts;
  const orNot = factory.createUnionTypeNode([type, factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword)]);
  return factory.updatePropertySignature(member, modifiers, name, questionToken, orNot);
}
