// One session: how it stands, its timeline, what was said, and a box to answer in.

import { post, watch } from './api.js';
import { ask, h, link, time } from './dom.js';
import { failed } from './results.js';
import { timeline } from './timeline.js';

export async function showSession({ about, name }) {
  const head = h('div', {}, h('h1', {}, 'Session')), made = h('div', {}), picture = h('div', {}), said = h('ol', { class: 'messages' });
  const problem = h('div', {}), refusal = h('div', {});
  const text = h('textarea', { id: 'reply', rows: 4, required: true });
  const status = h('p', { class: 'quiet', role: 'status' });
  let isSending = false; // a second click, while the first is under way, would send it twice

  async function send(event) {
    event.preventDefault();
    if (isSending || !text.value.trim()) return;
    isSending = true;
    refusal.replaceChildren();
    try {
      if (!about.is_simulated && !(await ask('Send the message?', 'It can wake the session, which then spends ACUs.', 'Send it'))) return;
      status.textContent = 'Sending ...';
      await post('tools/devin_send_message/run', { session_id: name, message: text.value }, { confirmed: true });
      text.value = '';
      status.textContent = 'Sent.';
    } catch (fault) {
      status.textContent = '';
      refusal.replaceChildren(failed(fault)); // it stays while the session is looked at again
    } finally {
      isSending = false;
    }
  }

  const left = watch(`sessions/${name}`, {
    seen: view => {
      problem.replaceChildren(...(view.problem ? [h('p', { class: 'error' }, view.problem)] : []));
      draw(head, view.session, heading);
      draw(made, view.session.structured_output, structured);
      picture.replaceChildren(timeline(view));
      draw(said, view.messages, messages => messages.map(message));
    },
    failed: fault => problem.replaceChildren(failed(fault)),
  });
  const form = h('form', { class: 'reply', onsubmit: send }, h('label', { for: 'reply' }, 'Reply'), text, h('button', { class: 'primary' }, 'Send'), status, refusal);
  return { view: [h('p', {}, h('a', { href: '#/board' }, 'Board')), head, made, problem, picture, h('h2', {}, 'Messages'), said, form], left };
}

const drawn = new WeakMap();

// Draws anew only what has changed: what somebody reads, has marked or opened stays as it is.
function draw(place, data, make) {
  const text = JSON.stringify(data ?? null);
  if (drawn.get(place) === text) return;
  drawn.set(place, text);
  place.replaceChildren(...make(data));
}

function structured(output) {
  if (!output) return [];
  return [h('details', {}, h('summary', {}, 'Structured output'), h('pre', { class: 'json', tabindex: 0 }, JSON.stringify(output, null, 2)))];
}

function heading(session) {
  return [
    h('h1', {}, session.title || session.session_id),
    h('p', {}, `${session.status_detail || session.status} · ${Number(session.acus_consumed || 0).toFixed(1)} ACUs · `, link(session.url, 'in the web app')),
    h('ul', { class: 'links' }, session.pull_requests.map(one => h('li', {}, link(one.pr_url), one.pr_state ? ` (${one.pr_state})` : ''))),
  ];
}

function message(one) {
  return h('li', { class: `said-by-${one.source === 'user' ? 'user' : 'devin'}` }, h('p', { class: 'quiet' }, one.source === 'user' ? 'You' : 'Devin', ' ', time(one.created_at)), h('p', { class: 'text' }, one.message));
}
