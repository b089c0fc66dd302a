// What a person filled in, as the values that a tool takes: one set of checks, for the editor and for running flows.
// Anything wrong is told by field and reason, never by value.
'use strict';

class BadInput extends Error {}

function bad(reason) {
  return new BadInput(reason);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i; // `Number` alone reads 0x10 too, and nothing as 0
const DAY = /^(19|20)\d{6}$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2}))?$/i;
const TIMES = 'give Unix seconds, a day (2026-01-31), or a date and time with its zone (2026-01-31T09:00:00Z)';

const isDate = value => Object.prototype.toString.call(value) === '[object Date]'; // those of a flow's scripts are of a `Date` of their own

// A time as people write it, in Unix seconds: what is not a date is left to be read as a number.
function toSeconds(value) {
  if (isDate(value)) return Math.floor(value.getTime() / 1000);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  if (/^(19|20)\d\d$/.test(text)) throw bad(`is a year alone: ${TIMES}`);
  const day = DAY.test(text) ? text.replace(/(..)(..)$/, '-$1-$2') : text, parts = MOMENT.exec(day);
  if (!parts) return value;
  const [, year, month, date] = parts.map(Number), isDay = new Date(Date.UTC(year, month - 1, date)).getUTCDate() === date;
  const seconds = Math.floor(Date.parse(day.replace(' ', 'T').replace(/\s/, '')) / 1000);
  if (isDay && month <= 12 && Number.isFinite(seconds)) return seconds;
  if (day !== text) return value; // eight digits that are not a day are seconds
  throw bad('is not a date of the calendar');
}

function toNumber(field, given) {
  const value = field.time ? toSeconds(given) : given, text = typeof value === 'string' ? value.trim() : value;
  const number = typeof text === 'string' && NUMBER.test(text) ? Number(text) : text;
  if (value === '') throw bad('is empty');
  if (typeof number !== 'number' || !Number.isFinite(number)) throw bad(field.time ? `is not a time: ${TIMES}` : 'is not a number');
  if (field.kind === 'integer' && !Number.isSafeInteger(number)) throw bad('is not a whole number');
  if (number < field.minimum) throw bad(`must be at least ${field.minimum}`);
  if (number > field.maximum) throw bad(`must be at most ${field.maximum}`);
  if (number <= field.above) throw bad(`must be above ${field.above}`);
  if (number >= field.below) throw bad(`must be below ${field.below}`);
  return number;
}

function toFlag(field, value) {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === true || word === 'true') return true;
  if (word === false || word === 'false') return false;
  throw bad('is neither true nor false');
}

// What templates and scripts write where there was no value, and references that nobody filled in.
const LEFT_OVER = /^\s*(?:undefined|null|None|NaN|\[object \w+\]|\$\{[^}]*\}|\$\([^)]*\)|\{\{[^{}]*\}\})\s*$/;
const REFERENCE = /^(?:env:[\p{L}_][\p{L}\p{N}_]*|file:.+)$/su;

// `limits` is a field, or what holds for each item of one.
function checked(limits, value) {
  const text = Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') throw bad('is not text');
  if (LEFT_OVER.test(text)) throw bad('holds what stands for no value');
  if (limits.secret) notReference(text);
  const length = [...text].length; // in characters, as the API counts them
  if (length < limits.minLength) throw bad(length ? `must have at least ${limits.minLength} characters` : 'is empty');
  if (length > limits.maxLength) throw bad(`must have at most ${limits.maxLength} characters`);
  if (limits.pattern && !new RegExp(limits.pattern, 'u').test(text)) throw bad('has not the right form');
  return text;
}

function notReference(text) {
  if (REFERENCE.test(text)) throw bad('is a reference, which is not followed here: take the value itself from a property or a variable');
}

function toText(field, value) {
  const text = checked(field, value);
  if (field.required && !text.trim()) throw bad('is empty');
  if (field.prefix || field.pattern) checkId(text.trim());
  return withPrefix(field, text);
}

// Forms hold choices as text, whatever they are to the API.
function toChoice(field, value) {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  const chosen = field.options.find(option => isPlain && String(option) === String(value));
  if (chosen === undefined) throw bad(`must be one of ${field.options.join(', ')}`);
  return chosen;
}

// Text that is a JSON list is that list; other text has commas between its items, and nothing that begins like JSON passes for it.
function toList(field, value) {
  return counted(field, typeof value === 'string' ? listIn(value) : value);
}

function listIn(value) {
  const text = value.trim();
  if (/^[[{]/.test(text)) {
    const json = parsed(text);
    if (!Array.isArray(json)) throw bad('is JSON, but not a list');
    return json;
  }
  if (LEFT_OVER.test(text)) throw bad('holds what stands for no value');
  const list = text.split(',').map(part => part.trim()).filter(part => part);
  if (!list.length) throw bad('holds nothing; for an empty list, give []');
  list.forEach(checkName);
  return list;
}

// What only looks like a list with commas: nobody can tell what was meant.
function checkName(part) {
  if (/^["']|["']$/.test(part)) throw bad('has quotation marks around a name: leave them out, or give ["a", "b"]');
  if (/^[[{]/.test(part)) throw bad('has a bracket at the beginning of a name: give ["a", "b"]');
  if (/[\r\n]/.test(part)) throw bad('has names on several lines: write commas between them, or give ["a", "b"]');
}

function checkId(text) {
  if (/^\[\s*["']/.test(text)) throw bad('is a list as text: give what it holds');
  if (/^["']|["']$/.test(text)) throw bad('has quotation marks around it: leave them out');
}

// A list that somebody split at its commas, or that stands as text within another one.
function checkParts(list) {
  const count = (text, mark) => text.split(mark).length - 1;
  let isOpen = false;
  for (const text of list.filter(part => typeof part === 'string').map(part => part.trim())) {
    if (/^[[{]/.test(text) && isJson(text)) throw bad('holds a list or an object as JSON text within a list: give what it holds in its place');
    if (isOpen && text.endsWith(']') && count(text, ']') > count(text, '[')) throw bad('holds the parts of one list that was split at its commas: give ["a", "b"]');
    isOpen = isOpen || (text.startsWith('[') && count(text, '[') > count(text, ']'));
  }
  return list;
}

function counted(field, list) {
  if (!Array.isArray(list)) throw bad('is not a list');
  if (list.length < field.minItems) throw bad(`must hold at least ${field.minItems}`);
  if (list.length > field.maxItems) throw bad(`must hold at most ${field.maxItems}`);
  return Array.from(list); // a gap is undefined then, and not passed over
}

// Text is read as JSON where only that can be meant; a field of several types may be meant to hold the text itself.
function toJson(field, value) {
  const json = kindsOf(field.schema || { type: field.shape }).some(kind => !kind || kind === 'string') ? value : parsed(value);
  if (field.shape === 'object' && !isObject(json)) throw bad('is not a JSON object');
  const checkedJson = field.shape === 'array' ? counted(field, json) : json;
  whole(field, checkedJson, '', []);
  fitting(field.schema || {}, checkedJson, '');
  return checkedJson;
}

function kindsOf({ type, anyOf }) {
  return anyOf ? anyOf.flatMap(kindsOf) : [type];
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// JSON would drop or change what it has no form for, without a word. Scripts of a flow have an `Object` of their own.
function whole(field, value, place, above) {
  const at = place && ` at ${place}`;
  if (typeof value === 'string' && field.secret) return notReference(value);
  if (value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)) return undefined;
  const parent = isObject(value) ? Object.getPrototypeOf(value) : null;
  const isPlain = Array.isArray(value) || (isObject(value) && (parent === null || Object.getPrototypeOf(parent) === null));
  if (!isPlain) throw bad(`holds what is not JSON${at}`);
  if (above.includes(value)) throw bad(`holds itself${at}`);
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) whole(field, value[key], place ? `${place}.${key}` : String(key), [...above, value]);
  return undefined;
}

const TYPES = {
  object: isObject, array: Array.isArray, string: value => typeof value === 'string', boolean: value => typeof value === 'boolean',
  number: value => typeof value === 'number', integer: Number.isInteger, null: value => value === null,
};

// What a declared object or list holds, by the part of its schema that the pack has.
function fitting(schema, value, place) {
  const at = place && ` at ${place}`, within = key => (place ? `${place}.${key}` : String(key));
  if (schema.anyOf) {
    const forms = schema.anyOf.filter(one => !one.type || TYPES[one.type](value));
    if (!forms.length) throw bad(`has not the right form${at}`);
    if (forms.length === 1) fitting(forms[0], value, place); // which of several is meant, the API knows
    return;
  }
  if (schema.type && !TYPES[schema.type](value)) throw bad(`is not of the type ${schema.type}${at}`);
  if (schema.enum && !schema.enum.includes(value)) throw bad(`must be one of ${schema.enum.join(', ')}${at}`);
  if (typeof value === 'string') checked(schema, value);
  if (typeof value === 'number' && (value < schema.minimum || value > schema.maximum)) throw bad(`is out of range${at}`);
  if (Array.isArray(value) && schema.items) value.forEach((item, number) => fitting(schema.items, item, within(number)));
  if (!isObject(value)) return;
  for (const key of schema.required || []) if (!Object.hasOwn(value, key)) throw bad(`lacks ${key}${at}`);
  const known = schema.properties || {};
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(known, key)) fitting(known[key], value[key], within(key));
    else if (isObject(schema.additionalProperties)) fitting(schema.additionalProperties, value[key], within(key));
    else if (schema.additionalProperties === false) throw bad(`has a part that is not known${at}`);
  }
}

function isJson(text) {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function parsed(value) {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value.trim());
  } catch {
    throw bad('is not JSON');
  }
}

const SESSION = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

// People paste an id bare, with its prefix, or as the URL of its page; the API wants it with the prefix.
function withPrefix(field, id) {
  if (!field.prefix) return id;
  const isUrl = /^\s*https?:\/\//.test(id);
  const pasted = (isUrl ? id.split(/[?#]/)[0] : id).trim().replace(/\/+$/, '');
  if (isUrl && field.isSession && !/\/sessions\/[^/]+$/.test(pasted)) throw bad('is not the URL of a session (.../sessions/ID)');
  if (!isUrl && pasted.includes('/')) throw bad('is not an id: it has a slash in it');
  const last = pasted.split('/').pop(), bare = last.startsWith(field.prefix) ? last.slice(field.prefix.length) : last;
  if (field.isSession ? !SESSION.test(bare) : !bare) throw bad('is not an id: give it bare, with its prefix, or as the URL of its page');
  return field.prefix + bare;
}

function itemOf(field, item) {
  const text = checked(field.each || {}, item);
  if (!text.trim()) throw bad('holds an empty text');
  return text;
}

const READERS = {
  integer: toNumber,
  number: toNumber,
  flag: toFlag,
  choice: toChoice,
  choices: (field, value) => toList(field, value).map(item => toChoice(field, item)),
  texts: (field, value) => checkParts(toList(field, value)).map(item => withPrefix(field, itemOf(field, item))),
  json: toJson,
  text: toText,
};

function toValue(field, value) {
  if (value === null && !field.nullable) throw bad('cannot be null');
  return value === null ? null : READERS[field.kind](field, value);
}

// What is undefined is not sent; null is, where the tool takes it.
function toArguments(fields, given) {
  const values = {};
  for (const field of fields) {
    const value = given[field.name];
    try {
      if (value !== undefined) values[field.name] = toValue(field, value);
      else if (field.required) throw bad('is required');
    } catch (error) {
      throw error instanceof BadInput ? new BadInput(`${field.name}: ${error.message}. Nothing was sent.`) : error;
    }
  }
  return values;
}

module.exports = { BadInput, toArguments, toValue };
