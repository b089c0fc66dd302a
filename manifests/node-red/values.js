// What a person filled in, as the values that a tool takes: one set of checks, for the editor and for running flows.
// Anything wrong is told by field and reason, never by value.
'use strict';

class BadInput extends Error {}

function bad(reason) {
  return new BadInput(reason);
}

function toNumber(field, value) {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (value === '') throw bad('is empty');
  if (typeof number !== 'number' || !Number.isFinite(number)) throw bad('is not a number');
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
const LEFT_OVER = /^\s*(?:undefined|null|NaN|\[object \w+\]|\$\{[^}]*\}|\$\([^)]*\)|\{\{[^{}]*\}\})\s*$/;
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
  if (/^".*"$/s.test(text) && isJson(text)) throw bad('is a JSON text, not a list: give ["a", "b"], or a, b');
  if (LEFT_OVER.test(text)) throw bad('holds what stands for no value');
  const list = text.split(',').map(part => part.trim()).filter(part => part);
  if (!list.length) throw bad('holds nothing; for an empty list, give []');
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

// People paste an id bare, with its prefix, or as the URL of its page; the API wants it with the prefix.
function withPrefix(field, id) {
  if (!field.prefix) return id;
  const last = id.trim().replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').pop();
  if (!last) throw bad('holds no id');
  return last.startsWith(field.prefix) ? last : field.prefix + last;
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
  texts: (field, value) => toList(field, value).map(item => withPrefix(field, itemOf(field, item))),
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
