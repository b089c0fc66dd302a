// What both nodes do: read the fields of every item, then send, then give back rows that know their item.
'use strict';

const { Failure, allRows, ask, untilDone } = require('./api.js');
const { LEFT_OUT, Unfit, isObject, isTime, isUnset, read } = require('./fields.js');
const { forgetRun, once, runOf } = require('./once.js');

const WHOLE = /^=\{\{((?!\}\}).)*\}\}$/s; // one expression, whose value is passed on as it is
const PATHS = /\$(?:json\b|\((?:'[^']*'|"[^"]*")\)|input\b|node\b)(?:\??\.\w+(?:\([^()]*\))?|\??\.?\[(?:'[^']*'|"[^"]*"|\d+)\])*/g;
const FROM_MODEL = /\$fromAI/i;
const ABSENT = Symbol('absent');
const UNSENT = 'Nothing was sent for any item.';

// n8n's own error, which the editor shows with its item; without n8n, a plain one.
function told(context, error, item) {
  const runIndex = runOf(context);
  const message = error instanceof Unfit ? `${error.message.replace(/\.$/, '')} [item ${item}]` : error.message;
  try {
    const { NodeOperationError } = require('n8n-workflow');
    const own = new NodeOperationError(context.getNode(), message, { description: error.hint, itemIndex: item, runIndex, level: 'warning' });
    own.message = message; // it puts a sentence of its own in place of one with words such as "preexisting"
    return own;
  } catch {
    return Object.assign(new Error(message), { description: error.hint, context: { itemIndex: item, runIndex } });
  }
}

function unfit(field, why) {
  return new Unfit(`${field.label} (${field.name}) ${why}`);
}

// What stands in a parameter before its expressions are evaluated.
function rawOf(context, at, item) {
  return context.getNodeParameter(at, item, ABSENT, { rawExpressions: true });
}

// n8n writes nothing for a part of a text without a value, and [object Object] for an object.
function checkParts(context, field, raw, item) {
  if (typeof raw !== 'string' || raw[0] !== '=' || WHOLE.test(raw)) return;
  for (const [part] of raw.matchAll(/\{\{[\s\S]*?\}\}/g)) {
    let value;
    try {
      value = context.evaluateExpression(part, item);
    } catch {
      continue; // cut wrongly: the whole is evaluated all the same
    }
    if (isUnset(value)) throw unfit(field, 'has no value for a part of its text: an expression in it gave undefined, null or NaN. Where nothing is meant, end that expression with ?? \'\'.');
    const isHeld = !Array.isArray(value) ? !isObject(value) || isTime(value) : value.every(one => ['string', 'number'].includes(typeof one));
    if (!isHeld) throw unfit(field, 'holds an object as a part of its text: write it with JSON.stringify().');
  }
}

// A text that was joined within an expression holds the words of what was missing: which of its paths gave them?
function checkJoined(context, field, raw, value, item) {
  if (typeof raw !== 'string' || typeof value !== 'string') return;
  for (const [path] of raw.matchAll(PATHS)) {
    let part;
    try {
      part = context.evaluateExpression(`{{ ${path} }}`, item);
    } catch {
      continue;
    }
    const isJoined = isUnset(part) || isObject(part);
    if (isJoined && value.includes(String(part))) throw unfit(field, 'holds the text of a missing value or of an object: a path in its expression gave no text. Give it one, or end it with ?? \'\'.');
  }
}

function readField(context, field, item) {
  const raw = rawOf(context, field.at, item);
  if (raw === ABSENT) return field.isRequired ? read(field, '', false) : LEFT_OUT;
  if (field.isPersonal && FROM_MODEL.test(JSON.stringify(raw))) throw unfit(field, 'is for a person to fill: no model may.');
  checkParts(context, field, raw, item);
  const isExpression = JSON.stringify(raw).includes('"=');
  let value;
  try {
    value = context.getNodeParameter(field.at, item);
  } catch (error) {
    throw unfit(field, `cannot be evaluated: ${error.message}`);
  }
  if (isExpression) checkJoined(context, field, raw, value, item);
  return read(field, value, isExpression);
}

// A host before the API may decode what is encoded, and then resolve it.
const LEADS_OUT = /(^|[\\/])\.{1,2}($|[\\/])/;

function pathOf(call, values, credentials) {
  const org = String(credentials.orgId || '').trim();
  const isOfCredential = call.path.includes('{org_id}') && !call.fields.some(one => one.where === 'path' && one.name === 'org_id');
  if (isOfCredential && !org) throw new Unfit('The credential has no Organization ID');
  let path = isOfCredential ? call.path.replace('{org_id}', encodeURIComponent(org)) : call.path;
  for (const field of call.fields.filter(one => one.where === 'path')) {
    const parts = field.keepsSlashes ? values.get(field).split('/') : [values.get(field)];
    if (parts.some(part => /^\.{0,2}$/.test(part) || (call.method !== 'GET' && LEADS_OUT.test(part)))) throw unfit(field, 'cannot be a part of an address: it is empty, or only dots.');
    path = path.replace(`{${field.name}}`, () => parts.map(part => encodeURIComponent(part)).join('/'));
  }
  return path;
}

function optionsOf(context) {
  const { proxy, timeout, allowUnauthorizedCerts } = context.getNodeParameter('requestOptions', 0, {}) || {};
  return {
    ...(timeout ? { timeout } : {}),
    ...(allowUnauthorizedCerts ? { skipSslCertificateValidation: true } : {}),
    ...(proxy ? { proxy: proxyOf(proxy) } : {}),
  };
}

function proxyOf(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Unfit('Proxy (Request Options) is not the URL of a proxy');
  }
  const auth = url.username ? { auth: { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } } : {};
  return { host: url.hostname, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80), protocol: url.protocol.slice(0, -1), ...auth };
}

// Reads one item; nothing is sent before every item was read.
async function planned(context, known, credential, item) {
  const resource = context.getNodeParameter('resource', item, '');
  const operation = context.getNodeParameter('operation', item, '');
  const call = Object.hasOwn(known.calls, `${resource}.${operation}`) ? known.calls[`${resource}.${operation}`] : undefined;
  if (!call) throw new Unfit('No operation of this resource is chosen: choose one in the node');
  const credentials = await context.getCredentials(credential, item);
  const values = new Map();
  for (const field of call.fields) {
    const value = readField(context, field, item);
    if (value !== LEFT_OUT) values.set(field, value);
  }
  const request = {
    credential, method: call.method, baseURL: String(credentials.baseUrl || credentials.serverUrl || ''), headers: {}, qs: {}, body: {},
    url: pathOf(call, values, credentials), options: optionsOf(context),
  };
  request.host = hostOf(request.baseURL);
  request.secrets = textsIn([credentials.apiKey, credentials.token]);
  let own;
  for (const [field, value] of values) {
    if (field.isSecret) request.secrets.push(...textsIn(value));
    if (field.name === 'idempotency_key') own = value;
    if (field.where === 'query') request.qs[field.wire] = value;
    if (field.where === 'body') request.body[field.wire] = value;
  }
  if (call.consent) request.headers[call.consent] = String(rawOf(context, 'confirmed', item) === true); // a person's switch, no expression
  const limit = call.limit && !values.has(call.fields.find(field => field.name === call.limit));
  return { call, request, own, isUnlimited: Boolean(limit), ...pagesOf(context, call, request, item) };
}

function textsIn(value) {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

function hostOf(text) {
  try {
    return new URL(text).host;
  } catch {
    throw new Unfit('The address in the credential is not a URL');
  }
}

function pagesOf(context, call, request, item) {
  if (!call.paging) return {};
  const isAll = context.getNodeParameter('returnAll', item, false);
  const all = read({ name: 'returnAll', label: 'Return All', kind: 'flag', schema: {} }, isAll, false);
  const at = all ? 'pageSize' : 'limit';
  const size = { ...call.paging.size, at, name: at, label: all ? 'Page Size' : 'Limit', isRequired: true };
  const most = readField(context, size, item);
  request.qs[call.paging.size.wire] = most;
  return { all, most };
}

async function rowsOf(context, known, { call, request, own, all, most }, item) {
  if (all) return (await allRows(context, call, request)).rows;
  const send = asked => (call.isServed ? untilDone(context, call, asked) : ask(context, call, asked).then(({ body }) => body));
  const body = call.once ? await once(context, item, known, call, request, own, send) : await send(request);
  if (call.rows === undefined) return [body];
  const rows = call.rows === null ? body : body[call.rows];
  if (call.paging && !Array.isArray(rows)) throw new Failure('The answer is not a list', 'This only reads: run it again, and see the address in the credential.');
  if (!Array.isArray(rows)) return [body];
  return most ? rows.slice(0, most) : rows;
}

async function every(context, known, plans) {
  const { batch = {} } = (context.getNodeParameter('requestOptions', 0, {}) || {}).batching || {};
  const size = batch.batchSize > 0 ? batch.batchSize : 1;
  const results = [];
  for (const [item, plan] of plans.entries()) {
    if (item && batch.batchInterval > 0 && item % size === 0) await new Promise(done => { setTimeout(done, batch.batchInterval); });
    const result = plan instanceof Error ? Promise.reject(plan) : rowsOf(context, known, plan, item);
    result.catch(() => undefined); // it is heard below, with the others
    results.push(result);
  }
  return Promise.allSettled(results);
}

function advise(context, plans) {
  if (typeof context.addExecutionHints !== 'function' || !plans.some(plan => plan.isUnlimited)) return;
  const message = 'Max ACU limit was not set: this call set no limit to what the session may spend.';
  context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
}

async function run(context, known) {
  const [{ name: credential }] = known.credentials;
  const count = context.getInputData().length || (typeof context.isToolExecution === 'function' && context.isToolExecution() ? 1 : 0);
  const plans = [];
  for (let item = 0; item < count; item++) {
    const plan = await planned(context, known, credential, item).catch(error => error);
    if (plan instanceof Unfit) plan.hint = context.continueOnFail() ? 'Nothing was sent for this item.' : UNSENT;
    if (plan instanceof Error && !context.continueOnFail()) throw plan instanceof Unfit ? told(context, plan, item) : plan;
    plans.push(plan);
  }
  const results = await every(context, known, plans);
  advise(context, plans);
  const made = [];
  let isWhole = true;
  for (const [item, { status, value, reason }] of results.entries()) {
    if (status === 'fulfilled') {
      for (const json of value) made.push({ json, pairedItem: { item } });
      continue;
    }
    const error = reason instanceof Unfit || reason instanceof Failure ? told(context, reason, item) : reason;
    if (!context.continueOnFail()) throw error;
    isWhole = false;
    made.push({ json: { error: error.message }, pairedItem: { item } }); // n8n adds what came in
  }
  if (isWhole && made.every(({ json }) => !json || json.error === undefined)) forgetRun(context);
  return [made];
}

module.exports = { run };
