// A form from a tool's schema. What is left empty is not sent: to the API that is not the same as empty.

import { createElement as e, createRoot, Form, rjsf, Validator } from './vendor/form.js';

// Checks without building code from schemas, which the page's policy forbids.
const validator = {
  validateFormData(data, schema, customValidate, transformErrors) {
    let errors = this.rawValidation(schema, data).errors;
    if (transformErrors) errors = transformErrors(errors);
    return { errors, errorSchema: rjsf.toErrorSchema(errors) };
  },
  rawValidation(schema, data) {
    const { errors } = new Validator(schema, '2020-12', false).validate(data === undefined ? {} : data);
    return { errors: errors.filter(one => !PARENTS.has(one.keyword)).map(told) };
  },
  isValid(schema, data, root) {
    try {
      return new Validator({ ...root, ...schema }, '2020-12').validate(data).valid;
    } catch {
      return false;
    }
  },
  toErrorList: schema => rjsf.toErrorList(schema),
  reset() {},
};

const PARENTS = new Set(['properties', 'items', 'anyOf', 'oneOf', 'allOf', '$ref']);

function told({ instanceLocation, keyword, error }) {
  const missing = keyword === 'required' && /"([^"]+)"/.exec(error);
  const path = instanceLocation.replace(/^#\/?/, '').split('/').filter(Boolean);
  const property = [...path, ...(missing ? [missing[1]] : [])].map(part => `.${part}`).join('');
  const message = missing ? 'is required' : error.replace(/^Instance /, '').replace(/\.$/, '');
  return { name: keyword, property, message, params: {}, stack: `${property.slice(1) || 'the form'}: ${message}` };
}

// Values that have no simpler form are written as JSON.
function JsonField({ id, formData, onChange, schema, required, fieldPathId, idSchema, name }) {
  const own = id || (fieldPathId && fieldPathId.$id) || (idSchema && idSchema.$id) || `root_${name}`;
  const path = fieldPathId ? fieldPathId.path : undefined;
  function changed(event) {
    const text = event.target.value.trim();
    let value = undefined;
    try {
      value = text === '' ? undefined : JSON.parse(text);
      event.target.setCustomValidity('');
      event.target.removeAttribute('aria-invalid');
    } catch {
      event.target.setAttribute('aria-invalid', 'true');
      value = text; // kept as it is: the check says that it is not what is wanted
    }
    onChange(value, path);
  }
  const initial = formData === undefined ? '' : JSON.stringify(formData, null, 2);
  return e('div', { className: 'field-json' },
    e('label', { htmlFor: own, className: 'control-label' }, schema.title, required ? ' *' : ''),
    schema.description && e('p', { className: 'field-description', id: `${own}__description` }, schema.description),
    e('textarea', { id: own, rows: 5, defaultValue: initial, onBlur: changed, spellCheck: false, placeholder: 'JSON', 'aria-describedby': `${own}__description` }));
}

function schemaOf(tool) {
  const schema = structuredClone(tool.input);
  for (const field of tool.fields) {
    const part = schema.properties[field.name];
    part.title = field.label + (field.is_user_only ? ' (for people only)' : '');
    if (part.default !== undefined && part.default !== null) part.description = `${part.description} Left out: ${JSON.stringify(part.default)}.`;
    if (field.is_time) { // the server reads dates and numbers from text
      for (const name of ['anyOf', 'minimum', 'maximum']) delete part[name];
      part.type = 'string';
      part.description = `${part.description} Or a day (2026-01-31, its beginning), or a date and time; UTC without an offset.`;
    }
    delete part.default; // what is left alone is not sent
    if (field.kind === 'text' && field.options.length) part.examples = field.options;
    else delete part.examples;
  }
  const order = tool.fields.map(field => field.name);
  schema.properties = Object.fromEntries(order.map(name => [name, schema.properties[name]]));
  return schema;
}

function looksOf(tool) {
  const looks = { 'ui:submitButtonOptions': { norender: true } };
  for (const field of tool.fields) {
    const schema = field.schema || tool.input.properties[field.name];
    const isPlainList = schema.type === 'array' && schema.items && (schema.items.properties || schema.items.type !== 'object');
    if (field.kind === 'json' && !isPlainList) looks[field.name] = { 'ui:field': 'json' };
    else if (field.is_secret && field.kind === 'text') looks[field.name] = { 'ui:widget': 'password', 'ui:autocomplete': 'off' };
    else if (field.is_secret) looks[field.name] = { items: { value: { 'ui:widget': 'password', 'ui:autocomplete': 'off' } } };
    else if (field.kind === 'flag') looks[field.name] = { 'ui:widget': 'select' };
    else if (field.is_long) looks[field.name] = { 'ui:widget': 'textarea', 'ui:options': { rows: 5 } };
  }
  return looks;
}

// Shows the form in an element; gives its data, and whether it is right.
export function formIn(element, tool, initial, changed) {
  const root = createRoot(element);
  let data = initial, form = null;
  root.render(e(Form, {
    ref: made => { form = made; },
    schema: schemaOf(tool), uiSchema: looksOf(tool), formData: initial, validator,
    fields: { json: JsonField }, idPrefix: 'field', noHtml5Validate: true, focusOnFirstError: true, showErrorList: 'top',
    experimental_defaultFormStateBehavior: { arrayMinItems: { populate: 'requiredOnly' }, emptyObjectFields: 'skipDefaults' },
    onChange: event => { data = event.formData; changed(); },
    onSubmit: () => {},
  }));
  return { data: () => without(data || {}), isRight: () => form.validateForm(), close: () => root.unmount() };
}

function without(data) {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
