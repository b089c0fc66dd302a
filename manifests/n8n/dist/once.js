// Calls that are paid for, or that make something, take effect once: n8n repeats a node (Retry On Fail, a retried
// execution) without a word to it. What each item's call was, and what came of it, is kept with the execution.
'use strict';

const { Failure, allRows, ask, isStopped } = require('./api.js');
const { alone, remember, remembered } = require('./keyed.js');

const TOLERANCE = 2; // seconds that clocks may differ by
const MOST_PAGES = 50;

async function digest(text) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

function pause(seconds) {
  return new Promise(done => { setTimeout(done, seconds * 1000); });
}

const random = () => crypto.randomUUID().replaceAll('-', '');

function isTool(context) {
  return typeof context.isToolExecution === 'function' && context.isToolExecution();
}

// How often the node ran before in this execution: loops count up, repeats do not.
function runOf(context) {
  return context.evaluateExpression('{{ $runIndex }}', 0);
}

// The place of an item's call in what is kept. An agent numbers its repeats anew, so there what is asked is the place.
async function slotOf(context, index, request) {
  const kept = context.getContext('node');
  kept.devinTools ??= { salt: random(), runs: {} };
  const { salt, runs } = kept.devinTools;
  const node = context.getNode();
  const asked = await digest(salt + JSON.stringify([request.url, request.body, node.credentials]));
  const print = isTool(context) ? asked : await digest(salt + JSON.stringify([node.parameters, node.credentials]));
  const run = isTool(context) ? 'agent' : String(runOf(context));
  const place = isTool(context) ? print : String(index);
  runs[run] ??= {};
  let slot = runs[run][place];
  // The node may have been corrected for the sake of another item, and an expression may give another time.
  const isSame = slot && (slot.print === print || slot.asked === asked);
  if (!isSame) slot = runs[run][place] = { print, asked, key: random() };
  return { slot, forget: () => { delete runs[run][place]; } };
}

// When all went well nothing of a run is repeated, so nothing of it has to be kept.
function forgetRun(context) {
  const kept = context.getContext('node').devinTools;
  if (kept && !isTool(context)) delete kept.runs[String(runOf(context))];
}

// The oldest session with a tag: whoever copies a tag does so later. Archived ones are looked for as well.
async function sessionWith(context, request, known, tag) {
  const tagged = [];
  const paging = known.sessions;
  const call = { effect: 'read', paging };
  for (const archived of [false, true]) {
    const qs = { tags: [tag], is_archived: archived, [paging.size.wire]: 100 };
    const listed = { ...request, method: 'GET', qs, body: undefined, url: request.url };
    const { rows, isWhole } = await allRows(context, call, listed, MOST_PAGES);
    const fitting = rows.filter(row => Array.isArray(row.tags) && row.tags.includes(tag));
    if (!isWhole && !fitting.length) throw new Failure(`${MOST_PAGES} pages of sessions do not tell whether this call made one`, 'See that nothing on the way to the API drops the parameter tags.');
    tagged.push(...fitting);
    if (tagged.length === 1) break;
  }
  const isBefore = (one, other) => (one.created_at || 0) - (other.created_at || 0) || (one.session_id < other.session_id ? -1 : 1);
  const [oldest] = tagged.sort(isBefore);
  return oldest && { ...oldest, creation: 'adopted' };
}

const words = text => String(text || '').split('\n').filter(line => !line.startsWith('ATTACHMENT:')).join(' ').split(/\s+/).filter(Boolean).join(' ');

// The session of a message that is among its messages since the first try.
async function sessionOfMessage(context, request, known, since) {
  const reads = { effect: 'read', paging: known.messages };
  const listed = { ...request, method: 'GET', body: undefined, qs: { [known.messages.size.wire]: 200 } };
  const { rows, headers } = await allRows(context, reads, listed);
  const now = Date.parse(headers.date || '') / 1000 || Date.now() / 1000;
  const began = now - (Date.now() / 1000 - since) - TOLERANCE;
  const isThis = row => row.source === 'user' && words(row.message) === words(request.body.message) && (row.created_at == null || row.created_at >= began);
  if (!rows.some(isThis)) return undefined;
  const { body } = await ask(context, reads, { ...listed, url: request.url.replace(/\/messages$/, ''), qs: {} });
  return { ...body, delivery: 'found' };
}

// How each kind of call is prepared, and found again.
const WAYS = {
  async tag(known, request, slot, own) {
    const tags = request.body.tags || [];
    if (tags.length >= known.most_tags) {
      if (own) throw new Failure('An idempotency key becomes a tag, and there is no room for one', `Nothing was sent. Give at most ${known.most_tags - 1} tags.`);
      return { request };
    }
    const tag = known.key_tag + (own ? (await digest(own)).slice(0, 32) : slot.key);
    return {
      request: { ...request, body: { ...request.body, tags: [...tags, tag] } },
      find: context => sessionWith(context, request, known, tag),
      looksFirst: Boolean(own),
      mark: body => ({ ...body, creation: 'created' }),
    };
  },
  async message(known, request, slot) {
    return { request, find: context => sessionOfMessage(context, request, known, slot.since), mark: body => ({ ...body, delivery: 'sent' }) };
  },
  // The tools server adopts by the key whatever it made before: sending again is looking.
  async key(known, request, slot, own) {
    const tags = request.body.tags || [];
    if (own || tags.length >= known.most_tags - 1) return { request, isAdopting: Boolean(own) };
    return { request: { ...request, body: { ...request.body, idempotency_key: `n8n-${slot.key}` } }, isAdopting: true };
  },
  async nothing(known, request) {
    return { request };
  },
};

// Looks a few times, as nothing says how long it takes until a write can be seen.
async function look(context, known, find) {
  let failure;
  for (const seconds of known.looks) {
    await pause(seconds);
    try {
      const found = await find(context);
      if (found) return found;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
  }
  if (failure) throw failure;
  return undefined;
}

const NO_ROOM = /idempotency key becomes a tag/; // a server that sets no tags: nothing was sent to the API
const REPEATS_KEY = 'A repeat of this item (Retry On Fail, or a retry of this execution) adopts what it started.';
const REPEATS = 'A repeat of this item (Retry On Fail, or a retry of this execution) looks for it again before anything is sent.';

// Performs a call that is not to be repeated; `send` sends a request to its end.
async function once(context, index, known, call, request, own, send) {
  const name = own && JSON.stringify([request.baseURL, request.url, own]);
  const work = () => performed(context, index, known, call, request, own, send, name);
  return own ? alone(name, work) : work();
}

async function performed(context, index, known, call, request, own, send, name) {
  const { slot, forget } = await slotOf(context, index, request);
  if (slot.answer) return slot.answer;
  const way = await WAYS[call.once](known, request, slot, own);
  const { find } = way;
  const keep = body => {
    if (isTool(context)) forget();
    else slot.answer = body;
    return body;
  };
  const isRepeated = slot.since !== undefined; // and it is not known what became of the earlier try
  if (slot.isPlain || (isRepeated && !find && !way.isAdopting)) {
    throw new Failure('An earlier try of this item may have taken effect, and nothing can look for it', 'Nothing was sent this time. Look whether it is there; then run the workflow anew.');
  }
  if (find && (isRepeated || way.looksFirst)) {
    const found = await find(context).catch(failure => {
      throw new Failure(`Looking for what an earlier call made failed: ${failure.message}`, `Nothing was sent this time. ${failure.hint || ''}`.trim());
    });
    if (found) return keep(found);
    if (own && remembered(name)) return keep(remembered(name));
  }
  slot.since ??= Date.now() / 1000;
  try {
    const body = await send(way.request);
    if (find && own) remember(name, body);
    return keep(way.mark ? way.mark(body) : body);
  } catch (error) {
    if (!error.isLost) {
      if (way.isAdopting && !own && NO_ROOM.test(error.message)) return keep(await plainly(slot, forget, send, request));
      if (!isRepeated) forget(); // it was refused, or never sent
      throw error;
    }
    if (way.isAdopting) throw new Failure(error.message, REPEATS_KEY, true);
    if (!find || isStopped(context)) throw error;
    const found = await look(context, known, find).catch(failure => {
      throw new Failure(`It may have taken effect, and looking for it failed. ${failure.message}`, `Look before it is run anew. ${REPEATS}`, true);
    });
    if (found) return keep(found);
    throw new Failure(error.message, `Nothing was found of it when looked for. ${REPEATS}`, true);
  }
}

// To a server that sets no tags; what is lost there cannot be asked for again.
async function plainly(slot, forget, send, request) {
  slot.isPlain = true;
  try {
    return await send(request);
  } catch (error) {
    if (!error.isLost) forget();
    throw error;
  }
}

module.exports = { forgetRun, once, runOf };
