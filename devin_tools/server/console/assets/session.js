// One session: how it stands, its timeline, what was said, and a box to answer in.

import { post, watch } from './api.js';
import { ask, h, link, show, time } from './dom.js';
import { failed } from './results.js';
import { timeline } from './timeline.js';

export async function showSession({ about, name }) {
  const head = h('div', {}, h('h1', {}, 'Session')), picture = h('div', {}), said = h('ol', { class: 'messages' }), problem = h('div', {});
  const text = h('textarea', { id: 'reply', rows: 4, required: true });
  const status = h('p', { class: 'quiet', role: 'status' });

  async function send(event) {
    event.preventDefault();
    if (!text.value.trim()) return;
    if (!about.is_simulated && !(await ask('Send the message?', 'It can wake the session, which then spends ACUs.', 'Send it'))) return;
    status.textContent = 'Sending ...';
    try {
      await post('tools/devin_send_message/run', { session_id: name, message: text.value }, { confirmed: true });
      text.value = '';
      status.textContent = 'Sent.';
    } catch (fault) {
      status.textContent = '';
      problem.replaceChildren(failed(fault));
    }
  }

  show(h('p', {}, h('a', { href: '#/board' }, 'Board')), head, problem, picture,
    h('h2', {}, 'Messages'), said,
    h('form', { class: 'reply', onsubmit: send }, h('label', { for: 'reply' }, 'Reply'), text, h('button', { class: 'primary' }, 'Send'), status));

  return watch(`sessions/${name}`, {
    seen: view => {
      problem.replaceChildren(...(view.problem ? [h('p', { class: 'error' }, view.problem)] : []));
      head.replaceChildren(...heading(view.session));
      picture.replaceChildren(timeline(view));
      said.replaceChildren(...view.messages.map(message));
    },
    failed: fault => problem.replaceChildren(failed(fault)),
  });
}

function heading(session) {
  return [
    h('h1', {}, session.title || session.session_id),
    h('p', {}, `${session.status_detail || session.status} · ${Number(session.acus_consumed || 0).toFixed(1)} ACUs · `, link(session.url, 'in the web app')),
    h('ul', { class: 'links' }, session.pull_requests.map(one => h('li', {}, link(one.pr_url), one.pr_state ? ` (${one.pr_state})` : ''))),
    session.structured_output ? h('details', {}, h('summary', {}, 'Structured output'), h('pre', { class: 'json', tabindex: 0 }, JSON.stringify(session.structured_output, null, 2))) : '',
  ];
}

function message(one) {
  return h('li', { class: `said-by-${one.source === 'user' ? 'user' : 'devin'}` }, h('p', { class: 'quiet' }, one.source === 'user' ? 'You' : 'Devin', ' ', time(one.created_at)), h('p', { class: 'text' }, one.message));
}
