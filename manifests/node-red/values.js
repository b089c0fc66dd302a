// What a person filled in, as the values that a tool takes. Anything wrong is told by field, never by value.
'use strict';

const NUMBERS = ['integer', 'number'];

class BadInput extends Error {}

function bad(field, reason) {
  return new BadInput(`${field.name}: ${reason}. Nothing was sent.`);
}

function toNumber(field, value) {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw bad(field, 'is not a number');
  if (field.kind === 'integer' && !Number.isInteger(number)) throw bad(field, 'is not a whole number');
  if (field.minimum !== undefined && number < field.minimum) throw bad(field, `must be at least ${field.minimum}`);
  if (field.maximum !== undefined && number > field.maximum) throw bad(field, `must be at most ${field.maximum}`);
  return number;
}

function toFlag(field, value) {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw bad(field, 'is neither true nor false');
}

function toText(field, value) {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') throw bad(field, 'is not text');
  if (field.required && text === '') throw bad(field, 'is empty');
  if (field.pattern && !new RegExp(field.pattern, 'u').test(text)) throw bad(field, 'has not the right form');
  return text;
}

function toChoice(field, value) {
  if (!field.options.includes(value)) throw bad(field, `must be one of ${field.options.join(', ')}`);
  return value;
}

function toList(field, value) {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') throw bad(field, 'is not a list');
  const parts = value.trim().startsWith('[') ? parsed(field, value) : value.split(',').map(part => part.trim()).filter(part => part);
  if (!parts.length && !value.trim().startsWith('[')) throw bad(field, 'holds nothing; for an empty list, give []');
  return parts;
}

function parsed(field, value) {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw bad(field, 'is not JSON');
  }
}

// People paste an id bare, with its prefix, or as the URL of its page; the API wants it with the prefix.
function withPrefix(field, id) {
  if (!field.prefix || typeof id !== 'string') return id;
  const last = id.trim().replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').pop();
  return last.startsWith(field.prefix) ? last : field.prefix + last;
}

function toValue(field, value) {
  if (NUMBERS.includes(field.kind)) return toNumber(field, value);
  if (field.kind === 'flag') return toFlag(field, value);
  if (field.kind === 'choice') return toChoice(field, value);
  if (field.kind === 'texts' || field.kind === 'choices') return toList(field, value).map(item => withPrefix(field, item));
  if (field.kind === 'json') return parsed(field, value);
  return withPrefix(field, toText(field, value));
}

// What is undefined is not sent; null is, where the tool takes it.
function toArguments(fields, given) {
  const values = {};
  for (const field of fields) {
    const value = given[field.name];
    if (value === undefined || (field.required && value === null)) {
      if (field.required) throw bad(field, 'is required');
    } else {
      values[field.name] = value === null ? null : toValue(field, value);
    }
  }
  return values;
}

module.exports = { BadInput, toArguments };
