// The console's own requests. The server's token, where one is wanted, stays in this tab and goes to this server alone.

const KEPT = 'devin-tools-token';
const BASE = new URL('api/', location.href.replace(/[#?].*$/, ''));

export class Failure extends Error {
  constructor(status, error) {
    super(error.message);
    Object.assign(this, { status, kind: error.kind, hint: error.hint, details: error.details || [] });
  }
}

export function keep(token) {
  if (token) sessionStorage.setItem(KEPT, token);
  else sessionStorage.removeItem(KEPT);
}

function headers(more = {}) {
  const token = sessionStorage.getItem(KEPT);
  return { ...(token ? { authorization: `Bearer ${token}` } : {}), ...more };
}

async function failure(answer) {
  const body = await answer.json().catch(() => null);
  const unknown = { kind: 'error', message: `The server answered ${answer.status}.` };
  return new Failure(answer.status, (body && body.error) || unknown);
}

async function fetched(path, options) {
  try {
    return await fetch(new URL(path, BASE), { cache: 'no-store', ...options });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new Failure(0, { kind: 'network', message: 'The server could not be reached.' });
  }
}

export async function get(path) {
  const answer = await fetched(path, { headers: headers() });
  if (!answer.ok) throw await failure(answer);
  return answer.json();
}

export async function post(path, body, { confirmed = false } = {}) {
  const more = { 'content-type': 'application/json', ...(confirmed ? { 'x-devin-confirm': 'true' } : {}) };
  const answer = await fetched(path, { method: 'POST', headers: headers(more), body: JSON.stringify(body) });
  if (!answer.ok) throw await failure(answer);
  return answer.json();
}

// Watches a feed until stopped, and comes back to it when it breaks off. By fetch, since EventSource sends no token.
export function watch(path, { seen, failed }) {
  const stop = new AbortController();
  (async () => {
    for (let pause = 1; !stop.signal.aborted; pause = Math.min(pause * 2, 30)) {
      try {
        const answer = await fetched(path, { headers: headers(), signal: stop.signal });
        if (!answer.ok) throw await failure(answer);
        for await (const [name, data] of events(answer.body)) {
          pause = 1;
          if (name === 'seen') seen(data);
          else if (name === 'failure') failed(new Failure(0, data.error));
        }
      } catch (fault) {
        if (stop.signal.aborted) return;
        failed(fault);
        if (fault.status === 401 || fault.status === 404) return;
      }
      await new Promise(resolve => setTimeout(resolve, pause * 1000));
    }
  })();
  return () => stop.abort();
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const whole = text.split('\n\n');
    text = whole.pop();
    for (const one of whole) {
      const name = /^event: (.*)$/m.exec(one), data = /^data: (.*)$/m.exec(one);
      if (name && data) yield [name[1], JSON.parse(data[1])];
    }
  }
}
