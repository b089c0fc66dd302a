// The board: the newest sessions in lanes, as the server last saw them. All pages share its one look a tick.

import { watch } from './api.js';
import { age, h, link } from './dom.js';
import { failed } from './results.js';

const LANES = [['working', 'Working'], ['needs_you', 'Needs you'], ['asleep', 'Asleep'], ['finished', 'Finished'], ['ended', 'Ended'], ['other', 'Other']];

export async function showBoard() {
  const problem = h('div', {});
  const lanes = h('div', { class: 'lanes' }, h('p', { class: 'quiet' }, 'Looking ...'));
  const left = watch('board', {
    seen: board => { problem.replaceChildren(); draw(lanes, board); },
    failed: fault => problem.replaceChildren(failed(fault)),
  });
  return { view: [h('h1', {}, 'Board'), problem, lanes], left };
}

function draw(lanes, board) {
  const focused = document.activeElement && document.activeElement.getAttribute('href');
  lanes.replaceChildren(...LANES.map(([key, label]) => lane(key, label, board)).filter(Boolean));
  if (board.has_more) lanes.append(h('p', { class: 'quiet' }, `The ${board.sessions.length} newest. There are more.`));
  if (focused && focused.startsWith('#/sessions/')) lanes.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

function lane(key, label, board) {
  const sessions = board.sessions.filter(session => session.lane === key);
  if (!sessions.length && key === 'other') return null;
  return h('section', { class: `lane lane-${key}`, 'aria-label': label }, h('h2', {}, `${label} (${sessions.length})`),
    h('ul', { class: 'cards' }, sessions.map(session => card(session, board.now))));
}

// The API forgets of a session that fell asleep whether it had finished: the server concludes it.
const isLikely = session => session.lane === 'finished' && session.certainty === 'likely';

function card(session, now) {
  return h('li', { class: 'card' },
    h('a', { class: 'title', href: `#/sessions/${session.session_id}` }, session.title || session.session_id),
    h('span', { class: 'quiet' }, [session.status_detail || session.status, isLikely(session) ? 'likely finished' : '', session.created_at ? age(now, session.created_at) : '', `${Number(session.acus_consumed || 0).toFixed(1)} ACUs`].filter(Boolean).join(' · ')),
    session.pull_requests.map(one => link(one.pr_url, `Pull request${one.pr_state ? ` (${one.pr_state})` : ''}`)));
}
