// Calls of one idempotency key: they take turns, and what one made is known to the next while no list shows it yet.
'use strict';

const LATELY = 60000; // milliseconds
const MOST_KEPT = 1000;
const holders = new Map();
const made = new Map();

// Runs the work of one name after that of the calls before it; who waits stops waiting when `signal` is given and aborts.
async function alone(name, work, signal) {
  const before = holders.get(name) || Promise.resolve();
  const mine = before.then(() => {
    if (signal) signal.throwIfAborted();
    return work();
  });
  const settled = mine.catch(() => undefined);
  holders.set(name, settled);
  settled.then(() => { if (holders.get(name) === settled) holders.delete(name); });
  if (signal) await Promise.race([before, aborted(signal)]);
  return mine;
}

function aborted(signal) {
  return new Promise((resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason), { once: true }); });
}

function remembered(name) {
  const one = made.get(name);
  return one && one.until > Date.now() ? { ...one.session, creation: 'adopted' } : undefined;
}

function remember(name, session) {
  made.delete(name);
  made.set(name, { session, until: Date.now() + LATELY });
  if (made.size > MOST_KEPT) made.delete(made.keys().next().value);
}

module.exports = { alone, remember, remembered };
