// The requests: to the Devin API for tools of one request, to `devin-tools serve` for the others.
'use strict';

const TRIES = 5;
const LONGEST_PAUSE = 60; // seconds
const MOST_PAGES = 10000;

class Refused extends Error {
  constructor(message, status, answer) {
    super(message);
    this.statusCode = status;
    this.answer = answer;
  }
}

// As RFC 3986 has it: encodeURIComponent leaves some marks that the rest of this pack's clients encode.
function encoded(segment) {
  if (['', '.', '..'].includes(segment)) throw new Error('An id cannot stand in a URL path. Nothing was sent.');
  return encodeURIComponent(segment).replace(/[!'()*]/g, mark => '%' + mark.charCodeAt(0).toString(16).toUpperCase());
}

function inPath(field, value) {
  return (field.slashes === 'keep' ? String(value).split('/') : [String(value)]).map(encoded).join('/');
}

function toRequest(tool, values, org) {
  let path = tool.http.path.replace('{org_id}', () => encoded(org));
  const query = new URLSearchParams();
  let body = tool.fields.some(field => field.where === 'body') ? {} : undefined;
  for (const field of tool.fields) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.where === 'path') path = path.replace(`{${field.name}}`, () => inPath(field, value));
    else if (field.where === 'body') body[field.wire] = value;
    else if (value !== null) for (const item of Array.isArray(value) ? value : [value]) query.append(field.wire, String(item));
  }
  const text = query.toString();
  return { method: tool.http.method, path: text ? `${path}?${text}` : path, body };
}

// What the API says of a refusal: problem objects are current, {"detail": ...} is older and still met.
function reasonOf(data) {
  if (!data || typeof data !== 'object') return 'no explanation';
  const inner = data.error && typeof data.error === 'object' ? data.error : data;
  const listed = [inner.errors, inner.detail, inner.details].find(Array.isArray);
  const places = (listed || []).map(one => `${[].concat(one.loc || one.path || one.field || 'body').join('.')}: ${one.msg || one.reason || one.detail || 'is not valid'}`).join('; ');
  const text = [inner.detail, inner.message, places, inner.title].find(part => typeof part === 'string' && part) || 'no explanation';
  return (places && !text.includes(places) ? `${text} (${places})` : text).slice(0, 500);
}

async function exchange(url, token, request, signal, headers = {}) {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const sent = { accept: 'application/json', authorization: `Bearer ${token}`, ...headers };
  if (body !== undefined) sent['content-type'] = 'application/json';
  const answer = await fetch(url, { method: request.method, headers: sent, body, signal, redirect: 'manual' });
  const text = await answer.text();
  let data = null;
  try {
    data = text.trim() ? JSON.parse(text) : null;
  } catch {
    if (answer.ok) throw new Refused('The API answered with what is not JSON.', answer.status, null);
  }
  return { answer, data };
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}

// Reads are sent again after a limit or a fault of the server. Nothing else is: it may have taken effect.
async function ask(url, token, request, signal, headers) {
  for (let tries = 1; ; tries++) {
    const { answer, data } = await exchange(url, token, request, signal, headers);
    if (answer.ok) return data;
    const isRead = request.method === 'GET' && [429, 502, 503, 504].includes(answer.status);
    if (!isRead || tries >= TRIES) throw new Refused(`Refused with ${answer.status}: ${reasonOf(data)}`, answer.status, data);
    const asked = Number(answer.headers.get('retry-after'));
    await pause(Math.min(asked > 0 ? asked : 2 ** tries, LONGEST_PAUSE), signal);
  }
}

async function callApi(account, tool, values, signal) {
  const request = toRequest(tool, values, tool.http.path.includes('{org_id}') ? await account.org(signal) : '');
  const data = await ask(account.baseUrl + request.path, account.key(), request, signal);
  return tool.paging && data && Array.isArray(data[tool.paging.wire_items]) ? renamed(tool.paging, data) : data;
}

function renamed(paging, data) {
  const { [paging.wire_items]: items, ...rest } = data;
  return { [paging.items]: items, ...rest };
}

// Walks a list to its end; rows shift between pages, so each is taken once.
async function callAllPages(account, tool, values, signal, told) {
  const { items, item_id: id, cursor, more, cursor_field: after, size_field: size, style } = tool.paging;
  const all = new Map(), cursors = new Set();
  let next = { ...values }, came = Number(values[after]) || 0;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await callApi(account, tool, next, signal);
    const rows = page[items] || [];
    for (const row of rows) if (!all.has(row[id])) all.set(row[id], row);
    told(all.size);
    came += rows.length;
    const isShort = typeof page.total === 'number' ? came >= page.total : rows.length < (next[size] || tool.pageSize);
    const goesOn = style === 'offset' ? rows.length && (page[more] || !isShort) : page[more] && page[cursor];
    const where = style === 'offset' ? String(came) : page[cursor];
    if (!goesOn || cursors.has(where)) break;
    cursors.add(where);
    next = { ...next, [after]: where };
  }
  return { [items]: [...all.values()], [cursor]: null, [more]: false, total: all.size };
}

// A call that waits comes back early with the call to go on with, for the sake of those between that cut long ones.
async function callServer(account, tool, values, signal, isConfirmed, told) {
  let id = tool.id, body = values;
  for (;;) {
    const headers = isConfirmed ? { 'x-devin-confirm': 'true' } : {};
    const request = { method: 'POST', path: `/tools/${id}`, body };
    const output = await ask(account.serverUrl + request.path, account.serverToken(), request, signal, headers);
    if (!output || !output.resume_with) return output;
    told(output);
    ({ tool: id, arguments: body } = output.resume_with);
  }
}

module.exports = { Refused, callAllPages, callApi, callServer, exchange, reasonOf };
