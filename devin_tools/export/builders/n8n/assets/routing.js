// What n8n's own routing cannot say in JSON: refusals in the API's words, pages to the end, waits to theirs.
'use strict';

const MOST_PAGES = 10000;

function reasonOf(body) {
  if (!body || typeof body !== 'object') return 'no explanation';
  const inner = body.error && typeof body.error === 'object' ? body.error : body;
  const listed = [inner.errors, inner.detail, inner.details].find(Array.isArray) || [];
  const places = listed.map(one => `${[].concat(one.loc || one.path || one.field || 'body').join('.')}: ${one.msg || one.reason || one.detail || 'is not valid'}`).join('; ');
  const text = [inner.detail, inner.message, places, inner.title].find(part => typeof part === 'string' && part) || 'no explanation';
  return (places && !text.includes(places) ? `${text} (${places})` : text).slice(0, 500);
}

// Status codes are not left to n8n, which would replace what the API said by a sentence of its own.
async function told(items, response) {
  if (response.statusCode < 400) return items;
  const error = new Error(`Refused with ${response.statusCode}: ${reasonOf(response.body)}`);
  const hint = response.body && response.body.error && response.body.error.hint;
  error.description = hint || 'Nothing is known to have changed; correct the fields and run again.';
  throw error;
}

// n8n sends {} where a tool has no body; the API gets none from other clients.
async function withoutEmptyBody(options) {
  if (options.body && Object.keys(options.body).length === 0) delete options.body;
  return options;
}

// Each row becomes an item. An answer without rows is the item itself.
function rowsOf(name) {
  return async items => items.flatMap(({ json }) => {
    const rows = name === null ? json : json[name];
    return Array.isArray(rows) ? rows.map(row => ({ json: row })) : [{ json }];
  });
}

function isLast(paging, page, rows, came, size) {
  if (paging.style !== 'offset') return !page[paging.more] || !page[paging.cursor];
  if (!rows.length) return true;
  return typeof page.total === 'number' ? came >= page.total : !page[paging.more] && rows.length < size;
}

// Walks a list to its end: rows shift between pages, so each is taken once; a repeated cursor ends it.
function allPages(paging) {
  return async function (requestData) {
    requestData.postReceive = [{ data: {}, actions: [told] }];
    const options = requestData.options, cursors = new Set(), rows = new Map();
    for (let pages = 0, came = 0; pages < MOST_PAGES; pages++) {
      const [{ json: page }] = await this.makeRoutingRequest(requestData);
      const found = page[paging.wire_items] || [];
      for (const row of found) if (!rows.has(row[paging.item_id])) rows.set(row[paging.item_id], row);
      came += found.length;
      const next = paging.style === 'offset' ? String(came) : page[paging.cursor];
      if (isLast(paging, page, found, came, options.qs[paging.size_wire]) || cursors.has(next)) break;
      cursors.add(next);
      requestData.options = { ...options, qs: { ...options.qs, [paging.cursor_wire]: next } };
    }
    return [...rows.values()].map(json => ({ json }));
  };
}

// A call that waits comes back early with the call to go on with, for the sake of those between that cut long ones.
async function untilDone(requestData) {
  requestData.postReceive = [{ data: {}, actions: [told] }];
  for (;;) {
    const [item] = await this.makeRoutingRequest(requestData);
    const rest = item.json && item.json.resume_with;
    if (!rest) return [item];
    requestData.options = { ...requestData.options, url: `/tools/${rest.tool}`, body: rest.arguments };
  }
}

// Puts functions where the description only names them.
function equipped(description) {
  for (const property of description.properties) {
    const { paging, rows, waits, ...routing } = property.routing || {};
    if (rows === undefined && !waits) continue;
    routing.send = { preSend: [withoutEmptyBody], ...(waits ? { paginate: true } : {}) };
    routing.output = { postReceive: [told, rowsOf(rows)] };
    if (paging) routing.operations = { pagination: allPages(paging) };
    if (waits) routing.operations = { pagination: untilDone };
    property.routing = routing;
  }
  return description;
}

module.exports = { equipped };
