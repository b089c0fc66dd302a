// The requests: to the Devin API for tools of one request, to `devin-tools serve` for the others.
'use strict';

const { Lost, send } = require('./network.js');
const { createOnce } = require('./once.js');

const TRIES = 5;
const LONGEST_PAUSE = 60; // seconds
const BARREN_PAGES = 100; // after so many in a row without a new item, a walk ends

class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.statusCode = status;
  }
}

// A host before the API may decode what is encoded, and then resolve it.
const LEADS_OUT = /(^|[\\/])\.{1,2}($|[\\/])/;

// As RFC 3986 has it: encodeURIComponent leaves some marks that the rest of this pack's clients encode.
function encoded(segment, isRead = true) {
  if (/^\.{0,2}$/.test(segment) || (!isRead && LEADS_OUT.test(segment))) throw new Error('An id cannot stand in a URL path. Nothing was sent.');
  return encodeURIComponent(segment).replace(/[!'()*]/g, mark => '%' + mark.charCodeAt(0).toString(16).toUpperCase());
}

function inPath(field, value, isRead) {
  return (field.slashes === 'keep' ? String(value).split('/') : [String(value)]).map(part => encoded(part, isRead)).join('/');
}

// Whether the organization in the path is the account's: the tools of an enterprise take one as an input.
function isOfAccount(tool) {
  return tool.http.path.includes('{org_id}') && !tool.fields.some(field => field.where === 'path' && field.name === 'org_id');
}

function toRequest(tool, values, org) {
  let path = isOfAccount(tool) ? tool.http.path.replace('{org_id}', () => encoded(org)) : tool.http.path;
  const query = new URLSearchParams();
  let body = tool.fields.some(field => field.where === 'body') ? {} : undefined;
  for (const field of tool.fields) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.where === 'path') path = path.replace(`{${field.name}}`, () => inPath(field, value, tool.http.method === 'GET'));
    else if (field.where === 'body') body[field.wire] = value;
    else if (field.where === 'query' && value !== null) for (const item of Array.isArray(value) ? value : [value]) query.append(field.wire, String(item));
  }
  const text = query.toString();
  return { method: tool.http.method, path: text ? `${path}?${text}` : path, body };
}

const SHORTEST_SECRET = 4;

// What the API says of a refusal, without the secrets that it was given: problem objects are current, {"detail": ...} is older.
function reasonOf(data, token, secrets = []) {
  if (!data || typeof data !== 'object') return 'no explanation';
  const inner = data.error && typeof data.error === 'object' ? data.error : data;
  const listed = [inner.errors, inner.detail, inner.details].find(Array.isArray);
  const places = (listed || []).map(one => `${[].concat(one.loc || one.path || one.field || 'body').join('.')}: ${one.msg || one.reason || one.detail || 'is not valid'}`).join('; ');
  const text = [inner.detail, inner.message, places, inner.title].find(part => typeof part === 'string' && part) || 'no explanation';
  const whole = places && !text.includes(places) ? `${text} (${places})` : text;
  const known = secrets.filter(one => one.length >= SHORTEST_SECRET);
  return known.reduce((said, one) => said.split(one).join('[secret]'), token ? whole.split(token).join('[key]') : whole).slice(0, 500);
}

// Node quotes what it cannot send, so its own words are not passed on.
function unusable(error) {
  const isOurs = !error.code || error instanceof Lost || error.statusCode;
  return isOurs && !(error instanceof TypeError) ? error : new Error('The URL or the key of the account is not in order.');
}

// `routes` says how the request gets there: see network.js.
async function exchange(url, token, request, signal, headers = {}, routes = {}) {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const sent = { accept: 'application/json', authorization: `Bearer ${token}`, ...headers };
  if (body !== undefined) sent['content-type'] = 'application/json';
  let answer;
  try {
    signal.throwIfAborted();
    answer = await send(url, { method: request.method, headers: sent, body }, signal, routes);
  } catch (error) {
    throw signal.aborted && error === signal.reason ? error : unusable(error);
  }
  const text = answer.text.replace(/^\ufeff/, '');
  try {
    return { answer, data: text.trim() ? JSON.parse(text) : null };
  } catch {
    if (answer.ok) throw new Refused('The API answered with what is not JSON.', answer.status);
    return { answer, data: null };
  }
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}

const LOOK = 'It may have taken effect: look before you send it again.';

function doubtful(said, status) {
  const sentence = said.replace(/\.?$/, '.');
  return Object.assign(new Refused(`${sentence} ${LOOK}`, status), { isInDoubt: true, said: sentence });
}

// Reads are sent again after a limit, a fault of the server or a lost answer. Nothing else is: it may have taken effect.
// `site` is where the API or the server is, with what is said to it and how it is reached.
async function ask(site, request, signal, headers) {
  const isRead = request.method === 'GET', isHarmless = isRead || request.isHarmless;
  for (let tries = 1; ; tries++) {
    let asked = 0;
    try {
      const { answer, data } = await exchange(site.url + request.path, site.token, request, signal, headers, site.routes);
      if (answer.ok) return data;
      const isPassing = isRead && [429, 502, 503, 504].includes(answer.status);
      const said = `Refused with ${answer.status}: ${reasonOf(data, site.token, site.secrets)}`;
      if (!isHarmless && answer.status >= 500) throw doubtful(said, answer.status);
      if (!isPassing || tries >= TRIES) throw new Refused(said, answer.status);
      asked = Number(answer.header('retry-after'));
    } catch (error) {
      const isOpen = error instanceof Lost || (error.statusCode >= 200 && error.statusCode < 300);
      if (!isHarmless && isOpen) throw doubtful(error.message, error.statusCode);
      if (!(isRead && error instanceof Lost && !error.isStopped && tries < TRIES)) throw error;
    }
    await pause(Math.min(asked > 0 ? asked : 2 ** tries, LONGEST_PAUSE), signal);
  }
}

// An answer to a creation that is not a session does not tell whether a session was made.
function sessionIn(data, { list }) {
  if (data && typeof data[list.id] === 'string') return data;
  throw doubtful('The API did not answer with a session.');
}

function textsIn(value) {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

function siteOf(account) {
  return { url: account.baseUrl, token: account.key(), routes: account.routes && account.routes() };
}

// `earlier` is what is known of an earlier try with the same message: see once.js.
async function callApi(account, tool, values, signal, earlier) {
  const attempt = Object(earlier) === earlier ? earlier : {};
  const secrets = tool.fields.filter(field => field.secret).flatMap(field => textsIn(values[field.name]));
  const site = { ...siteOf(account), secrets }, org = isOfAccount(tool) ? await account.org(signal) : '';
  const sent = given => ask(site, toRequest(tool, given, org), signal);
  if (tool.once) {
    const read = request => ask(site, request, signal);
    const create = async given => sessionIn(await sent(given), tool.once);
    return createOnce(tool, values, { site, send: create, read, pause, org, signal, isTagged: account.isTagged !== false, attempt });
  }
  const data = await sent(values);
  if (tool.list) return listOf(tool.list, data);
  if (tool.paging && !(data && Array.isArray(data[tool.paging.wire_items]))) throw new Refused('The API did not answer with a list.');
  return tool.paging ? pageOf(tool, values, data) : data;
}

// A list that comes without pages, bare or as `items`, under the name that the tool's output has for it.
function listOf({ field, wire }, data) {
  if (Array.isArray(data)) return { [field]: data };
  if (!data || !Array.isArray(data[wire])) return data;
  const { [wire]: rows, ...rest } = data;
  return { [field]: rows, ...rest };
}

// A page with its items under their own name, and with a cursor where the API wants the items counted.
function pageOf(tool, values, data) {
  const { wire_items: wire, items, cursor, more, cursor_field: after, size_field: size, style } = tool.paging;
  const { [wire]: rows, ...rest } = data;
  if (style !== 'offset') return { [items]: rows, ...rest };
  const end = (Number(values[after]) || 0) + rows.length;
  const isShort = typeof rest.total === 'number' ? end >= rest.total : rows.length < (values[size] || tool.pageSize);
  const goesOn = rows.length > 0 && Boolean(rest[more] || !isShort);
  return { [items]: rows, ...rest, [cursor]: goesOn ? String(end) : null, [more]: goesOn };
}

// Walks a list to its end; rows shift between pages, so each is taken once. It ends, too, on a repeated cursor, or when
// page after page brings nothing new, whatever the API says of more: then what it said last stays in the output.
async function allPages(tool, values, call, told) {
  const { items, item_id: id, cursor, more, cursor_field: after } = tool.paging;
  const all = new Map(), cursors = new Set([values[after]]);
  let next = values, barren = 0, page;
  do {
    page = (await call(next)) || {};
    const before = all.size;
    for (const row of page[items] || []) {
      const key = row && row[id] !== undefined ? row[id] : Symbol('a row without an id');
      if (!all.has(key)) all.set(key, row);
    }
    barren = all.size > before ? 0 : barren + 1;
    told(all.size);
    if (!page[more] || !page[cursor] || cursors.has(page[cursor])) break;
    cursors.add(page[cursor]);
    next = { ...values, [after]: page[cursor] };
  } while (barren < BARREN_PAGES);
  return { ...page, [items]: [...all.values()] };
}

// The tools server cuts long waits, for the sake of what stands between, and says how to go on. The output is final when
// it does not, when the time of the tool is up, or when a person asked for the first part alone.
async function callServer(account, tool, values, signal, isConfirmed, told) {
  const headers = isConfirmed ? { 'x-devin-confirm': 'true' } : {};
  const end = Date.now() + (values.timeout_seconds || tool.waits || 0) * 1000;
  const site = { url: account.serverUrl, token: account.serverToken(), routes: account.serverRoutes && account.serverRoutes() };
  let name = tool.id, body = values;
  for (;;) {
    const output = await ask(site, { method: 'POST', path: `/tools/${name}`, body, isHarmless: tool.effect === 'read' }, signal, headers);
    const rest = output && output.resume_with;
    if (!rest || values.max_seconds || Date.now() >= end) return output;
    told(output);
    ({ name, arguments: body } = rest);
  }
}

module.exports = { Refused, allPages, callApi, callServer, exchange, reasonOf };
