// What a program says to a database: the tables and columns it names, the functions it calls, and the rights it has. Read from
// the generated `schema.sql` of the libraries.

/**
 * @typedef {Readonly<Record<string, { readonly type: string, readonly isGiven: boolean }>>} Columns `isGiven`: an insert may leave it out
 * @typedef {{ readonly args: readonly { readonly type: string, readonly isOptional: boolean }[], readonly returns: string }} Signature
 * @typedef {{ readonly tables: Readonly<Record<string, Columns>>, readonly functions: Readonly<Record<string, readonly Signature[]>>, readonly grants: readonly string[] }} Schema
 */

/** Divides at commas that stand in no parentheses. @param {string} list @returns {readonly string[]} */
function parts(list) {
  const found = [];
  let [part, depth] = ['', 0];
  for (const sign of list) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (sign !== ',' || depth > 0) {
      part += sign;
      continue;
    }
    found.push(part);
    part = '';
  }
  return [...found, part].map((each) => each.trim()).filter((each) => each !== '');
}

/** @param {string} body @returns {Columns} */
function columnsIn(body) {
  const lines = body.split('\n').map((line) => line.trim().replace(/,$/, ''));
  const columns = lines.filter((line) => /^[a-z_0-9]+ /.test(line));
  return Object.fromEntries(
    columns.map((line) => {
      const [, name = '', rest = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      const type = rest.replace(/ (default|generated|not null).*$/, '');
      return [name, { type, isGiven: !rest.endsWith('not null') || / (default|generated) /.test(rest) }];
    }),
  );
}

/** @param {string} text @returns {{ readonly type: string, readonly isOptional: boolean }} */
function argumentOf(text) {
  const [type = ''] = text.split(' DEFAULT ');
  return { type: type.replace(/^\S+ /, ''), isOptional: text.includes(' DEFAULT ') };
}

/** @param {string} sql @returns {Schema} */
export function readSchema(sql) {
  const tables = [...sql.matchAll(/^create table (\S+) \(\n([\s\S]*?)\n\)/gm)].map(([, name = '', body = '']) => [
    name,
    columnsIn(body),
  ]);
  /** @type {Record<string, Signature[]>} */
  const functions = {};
  for (const [, name = '', args = '', returns = ''] of sql.matchAll(
    /^CREATE OR REPLACE FUNCTION ([\w.]+)\((.*)\)\n RETURNS (.*)$/gm,
  )) {
    functions[name] = [...(functions[name] ?? []), { args: parts(args).map(argumentOf), returns }];
  }
  const grants = [...sql.matchAll(/^grant (.*) on (.*) to (\w+);$/gm)].flatMap(([, rights = '', on = '', to = '']) =>
    parts(rights).flatMap((right) => {
      const [, verb = right, columns = ''] = /^(\w+) \((.*)\)$/.exec(right) ?? [];
      return columns === ''
        ? [`${verb} on ${on} to ${to}`]
        : parts(columns).map((column) => `${verb} of ${column} on ${on} to ${to}`);
    }),
  );
  return { tables: Object.fromEntries(tables), functions, grants: grants.toSorted() };
}

/**
 * What a program that was written for `released` would find otherwise in `now`, in words; nothing where it works on both.
 *
 * @param {Schema} released @param {Schema} now @returns {readonly string[]}
 */
export const broken = (released, now) => [
  ...Object.entries(released.tables).flatMap(([table, columns]) => brokenTable(table, columns, now.tables[table])),
  ...Object.entries(released.functions).flatMap(([name, signatures]) =>
    signatures.flatMap((signature) => brokenFunction(name, signature, now.functions[name] ?? [])),
  ),
  ...released.grants.filter((grant) => !isGranted(grant, now.grants)).map((grant) => `no longer granted: ${grant}`),
];

/** @param {string} table @param {Columns} columns @param {Columns | undefined} now @returns {readonly string[]} */
function brokenTable(table, columns, now) {
  if (now === undefined) return [`${table} is gone`];
  const changed = Object.entries(columns).filter(([column, { type }]) => now[column]?.type !== type);
  const unnamed = Object.entries(now).filter(([column, { isGiven }]) => columns[column] === undefined && !isGiven);
  return [
    ...changed.map(([column, { type }]) => `${table}.${column} was ${type} and is ${now[column]?.type ?? 'gone'}`),
    ...unnamed.map(([column]) => `${table}.${column} is new, and an insert has to name it`),
  ];
}

/** @param {string} name @param {Signature} signature @param {readonly Signature[]} now @returns {readonly string[]} */
function brokenFunction(name, signature, now) {
  const takes = now.filter((each) => canBeCalledAs(each, signature));
  const said = `${name}(${signature.args.map(({ type }) => type).join(', ')})`;
  if (takes.length !== 1) return [`${said} ${takes.length === 0 ? 'is gone' : 'is several'}`];
  return gives(takes[0]?.returns ?? '', signature.returns) ? [] : [`${said} gives something else`];
}

/** By itself, or with all other columns of its table. @param {string} grant @param {readonly string[]} now */
const isGranted = (grant, now) => now.includes(grant) || now.includes(grant.replace(/ of \S+ on /, ' on '));

/** @param {Signature} now @param {Signature} released */
const canBeCalledAs = ({ args }, released) =>
  released.args.every(({ type }, n) => args[n]?.type === type) &&
  args.slice(released.args.length).every(({ isOptional }) => isOptional);

/** A statement that was prepared goes on where what it gives is the same; of a table, the columns that it names. @param {string} now @param {string} released */
function gives(now, released) {
  const columns = (/** @type {string} */ text) => parts(/^TABLE\((.*)\)$/.exec(text)?.[1] ?? '');
  if (!released.startsWith('TABLE(')) return now === released;
  return columns(released).every((column) => columns(now).includes(column));
}
