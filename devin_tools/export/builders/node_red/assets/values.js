// What a person filled in, as the values that a tool takes: one set of checks, for the editor and for running flows.
// Anything wrong is told by field and reason, never by value.
'use strict';

class BadInput extends Error {}

function bad(reason) {
  return new BadInput(reason);
}

function toNumber(field, value) {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw bad('is not a number');
  if (field.kind === 'integer' && !Number.isInteger(number)) throw bad('is not a whole number');
  if (number < field.minimum) throw bad(`must be at least ${field.minimum}`);
  if (number > field.maximum) throw bad(`must be at most ${field.maximum}`);
  if (number <= field.above) throw bad(`must be above ${field.above}`);
  if (number >= field.below) throw bad(`must be below ${field.below}`);
  return number;
}

function toFlag(field, value) {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw bad('is neither true nor false');
}

// `limits` is a field, or what holds for each item of one.
function checked(limits, value) {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') throw bad('is not text');
  const length = [...text].length; // in characters, as the API counts them
  if (length < limits.minLength) throw bad(length ? `must have at least ${limits.minLength} characters` : 'is empty');
  if (length > limits.maxLength) throw bad(`must have at most ${limits.maxLength} characters`);
  if (limits.pattern && !new RegExp(limits.pattern, 'u').test(text)) throw bad('has not the right form');
  return text;
}

function toText(field, value) {
  const text = checked(field, value);
  if (field.required && text === '') throw bad('is empty');
  return withPrefix(field, text);
}

// Forms hold choices as text, whatever they are to the API.
function toChoice(field, value) {
  const chosen = field.options.find(option => String(option) === String(value));
  if (chosen === undefined) throw bad(`must be one of ${field.options.join(', ')}`);
  return chosen;
}

function toList(field, value) {
  let list = value;
  if (typeof value === 'string') {
    const isJson = value.trim().startsWith('[');
    list = isJson ? parsed(value) : value.split(',').map(part => part.trim()).filter(part => part);
    if (!isJson && !list.length) throw bad('holds nothing; for an empty list, give []');
  }
  return counted(field, list);
}

function counted(field, list) {
  if (!Array.isArray(list)) throw bad('is not a list');
  if (list.length < field.minItems) throw bad(`must hold at least ${field.minItems}`);
  if (list.length > field.maxItems) throw bad(`must hold at most ${field.maxItems}`);
  return list;
}

// Text is read as JSON where only that can be meant; a field of several types may be meant to hold the text itself.
function toJson(field, value) {
  if (field.shape !== 'object' && field.shape !== 'array') return value;
  const json = parsed(value);
  if (field.shape === 'array') return counted(field, json);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad('is not a JSON object');
  return json;
}

function parsed(value) {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
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

const READERS = {
  integer: toNumber,
  number: toNumber,
  flag: toFlag,
  choice: toChoice,
  choices: (field, value) => toList(field, value).map(item => toChoice(field, item)),
  texts: (field, value) => toList(field, value).map(item => withPrefix(field, checked(field.each || {}, item))),
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
