// Requests and what becomes of them: refusals in the API's words, lists to their end, waits to theirs.
'use strict';

const MOST_PAGES = 10000;
const FIVE_MINUTES = 300000;
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_INVALID_URL|ERR_TLS_.*|CERT_.*|.*SELF_SIGNED.*|UNABLE_TO_.*)$/;

// `isLost` says that the request may have taken effect, though no answer says so.
class Failure extends Error {
  constructor(message, hint, isLost = false) {
    super(message);
    this.hint = hint;
    this.isLost = isLost;
  }
}

const SHORTEST_SECRET = 4;

// The API may repeat what it was given.
function hidden(text, secrets = []) {
  return secrets.filter(one => one.length >= SHORTEST_SECRET).reduce((said, one) => said.split(one).join('(a secret)'), text);
}

function reasonOf(body, secrets) {
  if (!body || typeof body !== 'object') return 'no explanation';
  const inner = body.error && typeof body.error === 'object' ? body.error : body;
  const listed = [inner.errors, inner.detail, inner.details].find(Array.isArray) || [];
  const places = listed.map(one => `${[].concat(one.loc || one.path || one.field || 'body').join('.')}: ${one.msg || one.reason || one.detail || 'is not valid'}`).join('; ');
  const text = [inner.detail, inner.message, places, inner.title].find(part => typeof part === 'string' && part) || 'no explanation';
  return hidden(places && !text.includes(places) ? `${text} (${places})` : text, secrets).slice(0, 500);
}

const ADVICE = {
  401: 'The key of the credential is not taken: see that it is whole and was not revoked.',
  403: 'The key of the credential may not do this: see its permissions, and the organization of the credential.',
  404: 'See that the id is right, and that the key of the credential may see it.',
  407: 'The proxy wants a user and a password: give them in its URL.',
  429: 'Too many requests: wait a while, or set Batching under Request Options.',
};

// What a person does next, by what was asked: a read changes nothing, and a refused write did not take effect.
function hintOf(call, status) {
  const advice = ADVICE[status] || (status < 400 && 'The address in the credential leads elsewhere: give the one that it leads to.') || 'Correct the fields and run again.';
  if (call.effect === 'read') return status < 500 ? advice : 'This only reads: run it again in a while.';
  if (status < 500) return `It was refused, so nothing was changed. ${advice}`;
  if (call.isRepeatable) return 'It may have taken effect all the same; running it again does no harm.';
  return 'It may have taken effect all the same: look before it is run again.';
}

function mayHave(call) {
  return call.effect === 'read' ? '' : ': it may have taken effect';
}

function lostHint(call) {
  return call.effect === 'read' ? 'This only reads: run it again, and see the address in the credential.' : hintOf(call, 500);
}

// n8n keeps the code of a connection that failed where it has statuses.
function codeOf(error) {
  const found = [error, error.cause].filter(Boolean).flatMap(one => [one.code, one.httpCode]);
  return found.find(code => typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code)) || '';
}

// Sends one request; returns the answer when it is one that says that all is well.
async function ask(context, call, request) {
  const hasKeys = Object.keys(request.body || {}).length > 0;
  const takesBody = request.method !== 'GET' && (call.isServed || (call.fields || []).some(field => field.where === 'body'));
  const isEmpty = takesBody && !hasKeys; // n8n leaves out an object without keys
  let response;
  try {
    response = await context.helpers.httpRequestWithAuthentication.call(context, request.credential, {
      timeout: FIVE_MINUTES,
      ...request.options,
      arrayFormat: 'repeat',
      json: true,
      ignoreHttpStatusErrors: true,
      returnFullResponse: true,
      disableFollowRedirect: true,
      headers: { Accept: 'application/json', ...request.headers, ...(isEmpty ? { 'Content-Type': 'application/json' } : {}) },
      baseURL: request.baseURL,
      method: request.method,
      url: request.url,
      qs: request.qs,
      ...(hasKeys ? { body: request.body } : {}),
      ...(isEmpty ? { body: '{}' } : {}),
    });
  } catch (error) {
    const code = codeOf(error);
    if (UNSENT.test(code)) throw new Failure(`${request.host} cannot be reached (${code})`, 'Nothing was sent. See the address in the credential, the proxy and the certificate.');
    throw new Failure(`No answer came from ${request.host}${code ? ` (${code})` : ''}${mayHave(call)}`, lostHint(call), true);
  }
  return judged(call, response, request.secrets);
}

function judged(call, response, secrets) {
  const { statusCode: status, body } = response;
  if (status >= 300) {
    const own = body && body.error && typeof body.error.hint === 'string' && hidden(body.error.hint, secrets);
    if (status >= 500) throw new Failure(`Failed with ${status}: ${reasonOf(body, secrets)}${mayHave(call)}`, own || hintOf(call, status), true);
    throw new Failure(`Refused with ${status}: ${reasonOf(body, secrets)}`, own || hintOf(call, status));
  }
  if (typeof body === 'string' && body.trim()) throw new Failure(`The answer (${status}) is not JSON${mayHave(call)}`, lostHint(call), true);
  const isEmpty = !body || typeof body !== 'object' || !Object.keys(body).length;
  if (isEmpty && call.once) throw new Failure(`The answer (${status}) is empty${mayHave(call)}`, lostHint(call), true);
  const isOther = Array.isArray(body) || (call.once === 'tag' && typeof body.session_id !== 'string');
  if (isOther && call.once) throw new Failure(`The answer (${status}) is none to this call${mayHave(call)}`, lostHint(call), true);
  return { body: isEmpty && !Array.isArray(body) ? {} : body, headers: response.headers || {} };
}

function isLast(paging, page, rows, came, size) {
  if (paging.style !== 'offset') return !page[paging.more] || !page[paging.cursor];
  if (!rows.length) return true;
  return typeof page.total === 'number' ? came >= page.total : !page[paging.more] && rows.length < size;
}

// Walks a list to its end: rows shift between pages, so each is taken once; a repeated cursor ends it.
async function allRows(context, call, request, most = MOST_PAGES) {
  const { paging } = call, cursors = new Set(), rows = new Map();
  let asked = request;
  for (let pages = 0, came = 0; pages < most; pages++) {
    const { body: page, headers } = await ask(context, call, asked);
    const found = page[paging.wire_items];
    if (!Array.isArray(found)) throw new Failure('The answer is not a list', lostHint(call), true);
    for (const row of found) {
      const key = row[paging.item_id] ?? Symbol('a row without an id');
      if (!rows.has(key)) rows.set(key, row);
    }
    came += found.length;
    const next = paging.style === 'offset' ? String(came) : page[paging.cursor];
    if (isLast(paging, page, found, came, request.qs[paging.size.wire]) || cursors.has(next)) return { rows: [...rows.values()], headers, isWhole: true };
    cursors.add(next);
    asked = { ...request, qs: { ...request.qs, [paging.cursor_wire]: next } };
  }
  return { rows: [...rows.values()], headers: {}, isWhole: false };
}

// A call that waits comes back early with the call to go on with, for the sake of those between that cut long ones.
async function untilDone(context, call, request) {
  let asked = request;
  for (;;) {
    const { body } = await ask(context, call, asked);
    const rest = body.resume_with;
    if (!rest || isStopped(context)) return body;
    asked = { ...request, url: `/tools/${rest.tool}`, body: rest.arguments };
  }
}

// n8n leaves a node that a person stopped to itself.
function isStopped(context) {
  const signal = typeof context.getExecutionCancelSignal === 'function' && context.getExecutionCancelSignal();
  return Boolean(signal && signal.aborted);
}

module.exports = { Failure, allRows, ask, isStopped, untilDone };
