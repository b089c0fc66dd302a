// A session's life as a picture: its states as bands, what was said as marks, pull requests as flags.

import { h } from './dom.js';

const WIDTH = 720, HEIGHT = 120, LEFT = 10, RIGHT = WIDTH - 10;

export function timeline(view) {
  const begin = view.session.created_at || view.now;
  const end = Math.max(view.now, begin + 1);
  const x = at => LEFT + (Math.min(Math.max(at, begin), end) - begin) / (end - begin) * (RIGHT - LEFT);
  const states = view.states.map((state, index) => {
    const from = index === 0 ? begin : state.at ?? begin, to = view.states[index + 1]?.at ?? end;
    return band(state, x(from), x(to));
  });
  const flags = Object.entries(view.pull_requests_seen).filter(([, at]) => at).map(([url, at]) => flag(url, x(at)));
  const told = `${view.messages.length} messages, ${view.states.map(state => state.status_detail || state.status).join(', then ')}, ${flags.length} pull requests.`;
  return h('figure', { class: 'timeline' },
    h('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `Timeline: ${told}` },
      h('line', { x1: LEFT, x2: RIGHT, y1: 60, y2: 60, class: 'axis' }), states, view.messages.map(message => mark(message, x(message.created_at))), flags),
    h('figcaption', { class: 'quiet' }, told, ' Above: you. Below: Devin.'));
}

function band(state, from, to) {
  const name = state.status_detail || state.status;
  return h('g', {}, h('title', {}, name), h('rect', { x: from, y: 50, width: Math.max(2, to - from), height: 20, rx: 4, class: `band lane-${state.lane}` }),
    to - from > 60 ? h('text', { x: from + 6, y: 64, class: 'name' }, name) : null);
}

function mark(message, at) {
  const isUser = message.source === 'user';
  return h('g', {}, h('title', {}, `${message.source}: ${message.message.slice(0, 200)}`), h('circle', { cx: at, cy: isUser ? 34 : 86, r: 5, class: isUser ? 'said-user' : 'said-devin' }));
}

function flag(url, at) {
  return h('g', {}, h('title', {}, `pull request ${url}`), h('path', { d: `M${at} 50 V8 l16 6 l-16 6`, class: 'flag' }));
}
