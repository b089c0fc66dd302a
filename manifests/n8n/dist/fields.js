// Reads what a form or an expression gave as the value of a field, or says why it cannot be held. Knows nothing of n8n.
// Nothing vanishes and nothing is guessed: what does not fit throws `Unfit`, which names the field and never the value.
'use strict';

class Unfit extends Error {}

const LEFT_OUT = Symbol('left out');
const HOLES = new Set(['undefined', 'null', 'None', 'NaN', '[object Object]']);
const HOLE = /(^|[^A-Za-z0-9])(undefined|NaN)([^A-Za-z0-9]|$)|\[object Object\]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DAY = /^(19|20)\d{6}$/;
const REFERENCE = /^(?:env:[\p{L}_][\p{L}\p{N}_]*|file:.+)$/su;
const MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2}))?$/i;
const SESSION = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

const isTime = value => value instanceof Date || Boolean(value && value.isLuxonDateTime);
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value) && !isTime(value);

function kindOf(value) {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (isTime(value)) return 'a date';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return { string: 'text', number: 'a number', boolean: 'true or false', object: 'an object' }[typeof value] || `a ${typeof value}`;
}

function isUnset(value) {
  return value === undefined || value === null || (typeof value === 'number' && Number.isNaN(value));
}

// Returns the value to send, or LEFT_OUT. `isExpression` says that no person typed it as it is.
function read(field, given, isExpression) {
  const refuse = why => { throw new Unfit(`${field.label} (${field.name}) ${why}`); };
  if (isUnset(given)) {
    const bound = field.isBound ? ' Without it nothing would limit what is spent.' : '';
    refuse(`has no value: its expression gave ${kindOf(given)}.${bound} Give it a value${field.isRequired ? '' : ', or remove the field'}.`);
  }
  if (typeof given === 'string' && !given.trim()) {
    if (field.isRequired) refuse('is required, and is empty.');
    if (['text', 'choice'].includes(field.kind) && !field.isPersonal && !field.isHeld) return LEFT_OUT;
    refuse(`is empty. Fill it, or remove the field.${LISTS.has(field.kind) ? ' An empty list is written [].' : ''}`);
  }
  if (isExpression && typeof given === 'string' && HOLES.has(given.trim())) refuse(`holds only the text of ${given.trim()}: its expression found no value.`);
  return READERS[field.kind](field, given, refuse, isExpression);
}

const LISTS = new Set(['texts', 'choices']);

const READERS = {
  text(field, given, refuse, isExpression) {
    if (field.time === 'text' && isTime(given)) return momentOf(given, refuse).toISOString();
    const text = typeof given === 'number' && Number.isFinite(given) ? String(given) : given;
    if (typeof text !== 'string') refuse(`takes text, and was given ${kindOf(given)}.`);
    if (field.isSecret) notReference(text, refuse);
    if (isExpression && isName(field) && HOLE.test(text)) refuse('holds the text of a missing value: its expression found none.');
    if (field.prefix || field.schema.pattern) checkId(text.trim(), refuse);
    return checked(field.schema, named(field, text, refuse), refuse);
  },
  choice(field, given, refuse) {
    if (!field.schema.enum.includes(given)) refuse(`takes one of ${field.schema.enum.join(', ')}.`);
    return given;
  },
  integer: number,
  number,
  flag(field, given, refuse) {
    const text = typeof given === 'string' ? given.trim().toLowerCase() : given;
    if (text === true || text === 'true') return true;
    if (text === false || text === 'false') return false;
    return refuse(`takes true or false, and was given ${typeof given === 'string' ? 'another text' : kindOf(given)}.`);
  },
  texts: list,
  choices: list,
  json(field, given, refuse) {
    const value = typeof given === 'string' ? parsed(given, refuse) : given;
    const whole = plain(value, '', refuse);
    if (field.isSecret) notReference(whole, refuse);
    return checked(field.schema, whole, refuse);
  },
};

// Ids, paths and the like: no sentence, in which any word is right.
function isName(field) {
  return Boolean(field.prefix || field.where === 'path' || field.schema.pattern);
}

// Our own client follows them; here they would be sent as they are.
function notReference(value, refuse) {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(part => notReference(part, refuse));
  else if (typeof value === 'string' && REFERENCE.test(value)) refuse('is a reference, which is not followed here: give the value itself.');
}

// A time as people write it, or undefined where it is to be read as a number.
function momentIn(given, refuse) {
  if (isTime(given)) return momentOf(given, refuse);
  const text = ['string', 'number'].includes(typeof given) ? String(given).trim() : '';
  if (/^(19|20)\d\d$/.test(text)) refuse('takes a time, and was given a year alone.');
  if (MOMENT.test(text)) return momentOf(text, refuse);
  const day = DAY.test(text) ? text.replace(/(..)(..)$/, '-$1-$2') : '';
  return isDay(day) ? momentOf(day, refuse) : undefined;
}

function isDay(text) {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return month >= 1 && month <= 12 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function number(field, given, refuse) {
  const moment = field.time === 'seconds' ? momentIn(given, refuse) : undefined;
  if (moment) return checked(field.schema, Math.floor(moment.getTime() / 1000), refuse);
  const text = typeof given === 'string' ? given.trim() : given;
  const value = typeof text === 'string' && NUMBER.test(text) ? Number(text) : text;
  const wanted = field.kind === 'integer' ? 'a whole number' : 'a number';
  const form = field.time ? ' of Unix seconds, a date, or a date and time with its time zone (2026-01-31T09:00:00Z)' : '';
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(`takes ${wanted}${form}, and was given ${typeof given === 'string' ? 'another text' : kindOf(given)}.`);
  if (field.kind === 'integer' && !Number.isSafeInteger(value)) refuse(`takes ${wanted}${form}.`);
  return checked(field.schema, value, refuse);
}

function momentOf(given, refuse) {
  const moment = given instanceof Date ? given : new Date(given.isLuxonDateTime ? given.toMillis() : given.trim().replace(' ', 'T').replace(/\s/, ''));
  if (Number.isNaN(moment.getTime()) || (typeof given === 'string' && !isDay(given.trim()))) refuse('is not a date that there is.');
  return moment;
}

// Text that begins as JSON is JSON or refused; other text is split at commas.
function list(field, given, refuse, isExpression) {
  let parts = given;
  if (typeof given === 'string') {
    const text = given.trim();
    parts = /^[[{]/.test(text) ? parsed(text, refuse) : text.split(',').map(part => part.trim()).filter(Boolean);
    if (Array.isArray(parts) && !parts.length && text[0] !== '[') refuse('holds nothing between its commas. An empty list is written [].');
    if (!/^[[{]/.test(text)) parts.forEach(part => checkName(part, refuse));
  }
  if (!Array.isArray(parts)) refuse(`takes a list, or text with commas, and was given ${kindOf(parts)}.`);
  checkParts(parts, refuse);
  const each = field.schema.items || {};
  const read = Array.from(parts, (given, index) => {
    const at = why => refuse(`at place ${index + 1} ${why}`);
    const part = typeof given === 'number' && Number.isFinite(given) ? String(given) : given;
    if (typeof part !== 'string') at(`takes text, and was given ${kindOf(part)}.`);
    if (HOLES.has(part.trim()) || (isExpression && HOLE.test(part))) at('holds the text of a missing value (undefined or null).');
    if (!part.trim()) at('is empty.');
    return checked(each, named(field, part, at), at);
  });
  return checked({ ...field.schema, items: {} }, read, refuse);
}

// What only looks like a list with commas: nobody can tell what was meant.
function checkName(part, refuse) {
  if (/^["']|["']$/.test(part)) refuse('has quotation marks around a name: leave them out, or give ["a", "b"].');
  if (/^[[{]/.test(part)) refuse('has a bracket at the beginning of a name: give ["a", "b"].');
  if (/[\r\n]/.test(part)) refuse('has names on several lines: write commas between them, or give ["a", "b"].');
}

function checkId(text, refuse) {
  if (/^\[\s*["']/.test(text)) refuse('is a list as text: give what it holds.');
  if (/^["']|["']$/.test(text)) refuse('has quotation marks around it: leave them out.');
}

// A list that somebody split at its commas, or that stands as text within another one.
function checkParts(list, refuse) {
  const count = (text, mark) => text.split(mark).length - 1;
  let isOpen = false;
  for (const text of list.filter(part => typeof part === 'string').map(part => part.trim())) {
    if (/^[[{]/.test(text) && isJson(text)) refuse('holds a list or an object as JSON text within a list: give what it holds in its place.');
    if (isOpen && text.endsWith(']') && count(text, ']') > count(text, '[')) refuse('holds the parts of one list that was split at its commas: give ["a", "b"].');
    isOpen = isOpen || (text.startsWith('[') && count(text, '[') > count(text, ']'));
  }
}

function isJson(text) {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function parsed(text, refuse) {
  try {
    return JSON.parse(text.trim());
  } catch {
    return refuse('is not JSON: a quote, comma or bracket is missing or too many.');
  }
}

// JSON leaves out or turns to null what it cannot hold: that is refused here, with the place.
function plain(value, place, refuse) {
  const where = place ? ` at ${place}` : '';
  if (value === undefined || ['function', 'symbol', 'bigint'].includes(typeof value)) refuse(`holds ${kindOf(value)}${where}, for which JSON has no form.`);
  if (typeof value === 'number' && !Number.isFinite(value)) refuse(`holds ${kindOf(value)}${where}.`);
  if (isTime(value)) return momentOf(value, refuse).toISOString();
  if (Array.isArray(value)) return Array.from(value, (part, index) => plain(part, `${place}[${index}]`, refuse));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part, place ? `${place}.${name}` : name, refuse)]));
}

// An id as people paste it: bare, with its prefix, or as the URL of its page.
function named(field, text, refuse) {
  if (!field.prefix) return text;
  const isUrl = /^\s*https?:\/\//.test(text);
  const pasted = (isUrl ? text.split(/[?#]/)[0] : text).trim().replace(/\/+$/, '');
  if (isUrl && field.isSession && !/\/sessions\/[^/]+$/.test(pasted)) refuse('is not the URL of a session (.../sessions/ID).');
  const last = pasted.split('/').pop();
  const bare = last.startsWith(field.prefix) ? last.slice(field.prefix.length) : last;
  if (field.isSession ? !SESSION.test(bare) : !bare) refuse('is not an id: give it bare, with its prefix, or as the URL of its page.');
  if (!isUrl && pasted.includes('/')) refuse('is not an id: it has a slash in it.');
  return field.prefix + bare;
}

const TYPES = {
  string: value => typeof value === 'string',
  integer: Number.isInteger,
  number: value => typeof value === 'number',
  boolean: value => typeof value === 'boolean',
  array: Array.isArray,
  object: isObject,
  null: value => value === null,
};
const WORDS = { string: 'text', integer: 'a whole number', number: 'a number', boolean: 'true or false', array: 'a list', object: 'an object', null: 'null' };

// Holds a value to a schema: the words that `CHECKED` in calls.py keeps.
function checked(schema, value, refuse) {
  const why = misfit(schema, value);
  if (why) refuse(`${why}.`);
  return value;
}

function misfit(schema, value) {
  if (schema.anyOf && schema.anyOf.every(part => misfit(part, value))) return `does not fit: it ${misfit(schema.anyOf[0], value)}`;
  const types = [].concat(schema.type || []);
  if (types.length && !types.some(type => TYPES[type](value))) return `takes ${types.map(type => WORDS[type]).join(' or ')}, and was given ${kindOf(value)}`;
  if (schema.enum && !schema.enum.includes(value)) return `takes one of ${schema.enum.join(', ')}`;
  if (typeof value === 'number') return outOfBounds(schema, value);
  if (typeof value === 'string') return wrongText(schema, value);
  if (Array.isArray(value)) return wrongList(schema, value);
  return isObject(value) ? wrongObject(schema, value) : '';
}

function outOfBounds(schema, value) {
  if (value < schema.minimum) return `must be at least ${schema.minimum}`;
  if (value <= schema.exclusiveMinimum) return `must be above ${schema.exclusiveMinimum}`;
  if (value > schema.maximum) return `must be at most ${schema.maximum}${schema.maximum === 1e11 ? ': Unix seconds, not milliseconds' : ''}`;
  return value >= schema.exclusiveMaximum ? `must be below ${schema.exclusiveMaximum}` : '';
}

function wrongText(schema, value) {
  const length = [...value].length;
  if (length < schema.minLength || (schema.minLength && !value.trim())) return 'is empty or too short';
  if (length > schema.maxLength) return `has more than ${schema.maxLength} characters`;
  return schema.pattern && !fits(schema.pattern, value) ? 'has not the form that is wanted' : '';
}

function fits(pattern, value) {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true; // of another language than this one: the API judges
  }
}

function wrongList(schema, value) {
  if (value.length < schema.minItems) return `takes at least ${schema.minItems} in its list`;
  if (value.length > schema.maxItems) return `takes at most ${schema.maxItems} in its list`;
  for (const [index, part] of value.entries()) {
    const why = misfit(schema.items || {}, part);
    if (why) return `at place ${index + 1} ${why}`;
  }
  return '';
}

function wrongObject(schema, value) {
  const missing = (schema.required || []).find(name => !Object.hasOwn(value, name));
  if (missing) return `lacks ${missing}`;
  for (const [name, part] of Object.entries(value)) {
    const own = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (!own && schema.additionalProperties === false) return `has a part that it does not take; it takes ${Object.keys(schema.properties || {}).join(', ')}`;
    const why = misfit(own || (isObject(schema.additionalProperties) ? schema.additionalProperties : {}), part);
    if (why) return `in ${name} ${why}`;
  }
  return '';
}

module.exports = { LEFT_OUT, Unfit, isObject, isTime, isUnset, kindOf, read };
