// Writes libs/asl/vendor/jsonata.cjs: the published JSONata with the edits below, each of which must fit exactly as often as
// it says. The set-up runs it before the compiler; `npm run build` does, too. Why: ADR 22.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const published = require.resolve('jsonata');
const vendor = join(dirname(dirname(fileURLToPath(import.meta.url))), 'libs/asl/vendor');

const PLACEHOLDER_TEST = "arg.type === 'operator' && arg.value === '?'";

/** @type {readonly { find: string, put: string, times?: number }[]} */
const EDITS = [
  // A function is known by a mark that no JSON can hold, and so is a stream of tuples.
  {
    find: 'arg && (arg._jsonata_function === true || arg._jsonata_lambda === true)',
    put: 'arg && (arg[FUNCTION] === true || arg[LAMBDA] === true)',
  },
  { find: 'return arg && arg._jsonata_lambda === true;', put: 'return arg && arg[LAMBDA] === true;' },
  {
    find: `const utils = (() => {
    'use strict';
`,
    put: `const utils = (() => {
    'use strict';

    const FUNCTION = Symbol('function');
    const LAMBDA = Symbol('lambda');
    const TUPLE_STREAM = Symbol('tuple stream');
    const SURROGATE = /[\\ud800-\\udfff]/;

    /**
     * Turns offsets of a string into numbers of characters: cheap for one that is not smaller than the last
     */
    function characterCounter(str) {
        if (typeof str !== 'string' || !SURROGATE.test(str)) {
            return unit => unit;
        }
        var units = 0;
        var characters = 0;
        return function (unit) {
            if (unit < units) {
                units = 0;
                characters = 0;
            }
            while (units < unit) {
                units += str.codePointAt(units) > 0xffff ? 2 : 1;
                characters++;
            }
            return characters;
        };
    }

    /**
     * The other way round
     */
    function unitCounter(str) {
        if (!SURROGATE.test(str)) {
            return character => character;
        }
        var units = 0;
        var characters = 0;
        return function (character) {
            if (typeof character !== 'number') {
                return character;
            }
            if (character < characters) {
                units = 0;
                characters = 0;
            }
            while (characters < character && units < str.length) {
                units += str.codePointAt(units) > 0xffff ? 2 : 1;
                characters++;
            }
            return units;
        };
    }
`,
  },
  {
    find: `        isPromise,
        keys
    };`,
    put: `        isPromise,
        keys,
        characterCounter,
        unitCounter,
        FUNCTION,
        LAMBDA,
        TUPLE_STREAM
    };`,
  },
  { find: '_jsonata_lambda: true', put: '[utils.LAMBDA]: true', times: 2 },
  { find: '_jsonata_function: true', put: '[utils.FUNCTION]: true' },
  { find: 'proc && proc._jsonata_function === true', put: 'proc && proc[utils.FUNCTION] === true', times: 2 },
  { find: '.tupleStream', put: '[utils.TUPLE_STREAM]', times: 9 },
  {
    find: `                    // reject any attempts to set the internal JSONata flags
                    if (key === '_jsonata_lambda' || key === '_jsonata_function') {
                        // this is a restriction of this implementation rather than JSONata itself
                        throw {
                            code: "D1013",
                            stack: (new Error()).stack,
                            position: expr.position,
                            value: key
                        };
                    }
`,
    put: '',
  },
  { find: 'input && input.outerWrapper ?', put: 'Array.isArray(input) && input.outerWrapper ?' },

  // What looks like the placeholder of a partial application is data.
  {
    find: `            if (${PLACEHOLDER_TEST}) {
                evaluatedArgs.push(arg);`,
    put: `            if (${PLACEHOLDER_TEST}) {
                evaluatedArgs.push(PLACEHOLDER);`,
  },
  { find: `if (arg && ${PLACEHOLDER_TEST})`, put: 'if (arg === PLACEHOLDER)' },
  {
    find: '    var staticFrame = createFrame(null);\n',
    put: '    var staticFrame = createFrame(null);\n    const PLACEHOLDER = Symbol("placeholder");\n',
  },

  // What is called and is no function is neither read nor written on.
  {
    find: `            if(typeof proc === 'object') {
                proc.token`,
    put: `            if(typeof proc === 'object' && isFunction(proc)) {
                proc.token`,
  },
  {
    find: `            if(result.body.procedure.type === 'variable') {
                next.token = result.body.procedure.value;
            }
            next.position = result.body.procedure.position;`,
    put: `            if(isFunction(next)) {
                if(result.body.procedure.type === 'variable') {
                    next.token = result.body.procedure.value;
                }
                next.position = result.body.procedure.position;
            }`,
  },
  {
    find: `            if (proc) {
                validatedArgs`,
    put: `            if (isFunction(proc)) {
                validatedArgs`,
  },
  {
    find: `            if(proc) {
                if (typeof err.token`,
    put: `            if(isFunction(proc)) {
                if (typeof err.token`,
  },
  {
    find: '        var result = matcher.apply(this, [str]);',
    put: `        if(!isFunction(matcher) || typeof matcher.apply !== 'function') {
            throw {
                code: "T1010",
                stack: (new Error()).stack,
            };
        }
        var result = matcher.apply(this, [str]);`,
  },

  // Data is not written on: an array of the input was marked, an empty one got an item, a member became a prototype.
  {
    find: '            resultSequence.keepSingleton = true;',
    put: `            if(Array.isArray(resultSequence) && isSequence(resultSequence)) {
                resultSequence.keepSingleton = true;
            }`,
  },
  { find: '            input.push(undefined);', put: '            input = [undefined];' },
  {
    find: '                            match[prop] = update[prop];',
    put: `                            if(prop === '__proto__' && typeof match === 'object' && match !== null) {
                                Object.defineProperty(match, prop, {value: update[prop], enumerable: true, configurable: true, writable: true});
                            } else {
                                match[prop] = update[prop];
                            }`,
  },

  // Data is no template of a message, and a function in a message is no circle.
  {
    find: `            var message = template.replace(/\\{\\{\\{([^}]+)}}}/g, function() {
                return err[arguments[1]];
            });
            message = message.replace(/\\{\\{([^}]+)}}/g, function() {
                return JSON.stringify(err[arguments[1]]);
            });`,
    put: `            var message = template.replace(/\\{\\{\\{([^}]+)}}}|\\{\\{([^}]+)}}/g, function(all, raw, quoted) {
                return raw !== undefined ? err[raw] : JSON.stringify(err[quoted], (key, val) => isFunction(val) ? 'a function' : val);
            });`,
  },

  // Where a match begins and ends is counted in characters, as all other functions count.
  {
    find: `        var closure = function(str, fromIndex) {
            var result;`,
    put: `        var closure = function(str, fromIndex) {
            return search(str, fromIndex, utils.characterCounter(str));
        };
        var search = function(str, fromIndex, toCharacters) {
            var result;`,
  },
  {
    find: `                    start: match.index,
                    end: match.index + match[0].length,`,
    put: `                    start: toCharacters(match.index),
                    end: toCharacters(match.index + match[0].length),`,
  },
  { find: 'var next = closure(str, re.lastIndex);', put: 'var next = search(str, re.lastIndex, toCharacters);' },
  {
    find: `                    while (typeof matches !== 'undefined' && (typeof limit === 'undefined' || count < limit)) {
                        result += str.substring(position, matches.start);`,
    put: `                    var toUnits = utils.unitCounter(str);
                    while (typeof matches !== 'undefined' && (typeof limit === 'undefined' || count < limit)) {
                        var from = toUnits(matches.start);
                        result += str.substring(position, from);`,
  },
  {
    find: 'position = matches.start + matches.match.length;',
    put: 'position = from + matches.match.length;',
  },
  {
    find: `                    var start = 0;
                    while`,
    put: `                    var start = 0;
                    var toUnits = utils.unitCounter(str);
                    while`,
  },
  {
    find: `                        result.push(str.substring(start, matches.start));
                        start = matches.end;`,
    put: `                        result.push(str.substring(start, toUnits(matches.start)));
                        start = toUnits(matches.end);`,
  },

  // The code around it has to tell functions from data, too.
  { find: '    jsonata.parser = parser;', put: '    jsonata.parser = parser;\n    jsonata.isFunction = isFunction;' },
];

/** @returns {string} the text of the patched module */
export function patchedJsonata() {
  let text = readFileSync(published, 'utf8');
  for (const { find, put, times = 1 } of EDITS) {
    const parts = text.split(find);
    if (parts.length !== times + 1) {
      throw new Error(`an edit of JSONata fits ${parts.length - 1} times and not ${times}; look at it again: ${find}`);
    }
    text = parts.join(put);
  }
  return `// Written by scripts/patch-jsonata.mjs; do not edit. JSONata with edits, see LICENSE-jsonata.\n${text}`;
}

/** @returns {string} its types */
export function patchedTypes() {
  const text = readFileSync(join(dirname(published), 'jsonata.d.ts'), 'utf8');
  const start = 'declare namespace jsonata {\n';
  if (!text.includes(start)) throw new Error('the types of JSONata are no namespace any more');
  return text.replace(
    start,
    `${start}  /** Whether a value is a function of JSONata. */\n  function isFunction(value: unknown): boolean;\n`,
  );
}

/** Nothing is touched that is as it should be: what is built from it stays built. @param {string} name @param {string} text */
function keep(name, text) {
  const file = join(vendor, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(vendor, { recursive: true });
  writeFileSync(file, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  keep('jsonata.cjs', patchedJsonata());
  keep('jsonata.d.cts', patchedTypes());
  keep('LICENSE-jsonata', readFileSync(join(dirname(published), 'LICENSE'), 'utf8'));
}
