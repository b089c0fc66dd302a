// A session is created once: it bears a tag, and when the answer is lost it is looked for by it before anything is sent again.
// The tag of a key is that which the other clients of this package make of it.
'use strict';

const { createHash, randomBytes } = require('crypto');
const { alone, remember, remembered } = require('./keyed.js');

const TRIES = 5;
const MAX_PAGES = 50;

function inDoubt(message) {
  return Object.assign(new Error(message), { isInDoubt: true });
}

// The tag to find the session by; none where the account wants none or there is no room.
function tagFor({ mark, key, tags, most }, values, isTagged) {
  const name = values[key], hasRoom = (values[tags] || []).length < most;
  if (!name && !(isTagged && hasRoom)) return undefined;
  if (!isTagged) throw new Error(`${key}: becomes a tag, and the account adds none. Nothing was sent.`);
  if (!hasRoom) throw new Error(`${key}: becomes a tag, and there is no room for one: give at most ${most - 1} tags. Nothing was sent.`);
  return mark + (name ? createHash('sha256').update(name).digest('hex').slice(0, 32) : randomBytes(16).toString('hex'));
}

// `attempt.tag` is that of an earlier try with the same message, whose end is not known; it holds the tag of this one afterwards.
async function createOnce({ once }, values, { site, send, read, pause, org, signal, isTagged, attempt }) {
  const isSought = Boolean(attempt.tag || values[once.key]);
  const own = tagFor(once, values, isTagged);
  const tag = own && !values[once.key] && attempt.tag ? attempt.tag : own;
  attempt.tag = tag;
  if (!tag) return { ...await send(values), creation: 'created' };
  const tagged = { ...values, [once.tags]: [...(values[once.tags] || []), tag] };
  const find = () => found(once.list, tag, org, read);
  const name = JSON.stringify([site.url, org, tag]);

  async function look() {
    let failure;
    for (const seconds of once.looks) {
      try {
        await pause(seconds, signal);
        const session = await find();
        if (session) return session;
        failure = undefined;
      } catch (error) {
        failure = error;
        if (signal.aborted) break;
      }
    }
    if (failure) throw inDoubt(`It may have taken effect, and looking for it failed. ${failure.message}`);
    return undefined;
  }

  async function create() {
    const earlier = isSought && (await find() || remembered(name));
    if (earlier) return earlier;
    for (let tries = 1; ; tries++) {
      try {
        const session = await send(tagged);
        if (values[once.key]) remember(name, session);
        return { ...session, creation: 'created' };
      } catch (error) {
        if (!error.isInDoubt || signal.aborted) throw error;
        const session = await look();
        if (session) return session;
        if (tries >= TRIES) throw Object.assign(error, { message: `${error.said} No session was found of it, in ${tries} tries.` });
      }
    }
  }

  return isSought ? alone(name, create, signal) : create();
}

// The oldest session with a tag: whoever copies a tag does so later. Archived ones are looked for where there is not one alone.
async function found(list, tag, org, read) {
  const all = [];
  for (const isArchived of [false, true]) {
    all.push(...await tagged(list, tag, isArchived, org, read));
    if (all.length === 1) break;
  }
  const age = session => session[list.created] || 0;
  const [oldest] = all.sort((one, other) => age(one) - age(other) || (one[list.id] < other[list.id] ? -1 : 1));
  return oldest && { ...oldest, creation: 'adopted' };
}

// The sessions with a tag; where the API does not filter by it, those among the newest ones.
async function tagged(list, tag, isArchived, org, read) {
  const fitting = [], query = new URLSearchParams({ [list.tags]: tag, [list.archived]: String(isArchived) });
  let isFiltered = true;
  for (let pages = 1; ; pages++) {
    const page = await read({ method: 'GET', path: `${list.path.replace('{org_id}', () => encodeURIComponent(org))}?${query}` });
    const rows = page && page[list.items];
    if (!Array.isArray(rows)) throw new Error('The API did not answer with a list of sessions.');
    const ours = rows.filter(row => Array.isArray(row.tags) && row.tags.includes(tag));
    isFiltered = isFiltered && ours.length === rows.length;
    fitting.push(...ours);
    if (!page[list.more] || !page[list.cursor] || page[list.cursor] === query.get(list.after)) return fitting;
    if (pages >= MAX_PAGES && fitting.length && !isFiltered) return fitting;
    if (pages >= MAX_PAGES) throw new Error(`${pages} pages of sessions do not tell whether there is one with the tag of this call. Nothing more was sent.`);
    query.set(list.after, page[list.cursor]);
  }
}

module.exports = { createOnce };
