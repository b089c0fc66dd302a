// The tools: found by what somebody wants to do, and by resource; each with what it does to the world.

import { get } from './api.js';
import { badge, h } from './dom.js';

export function badges(tool) {
  return h('span', { class: 'badges' },
    badge(tool.effect === 'read' ? 'reads' : tool.effect === 'write' ? 'writes' : 'destroys', tool.effect),
    tool.spends && badge(tool.spends, 'bills'),
    tool.is_beta && badge('beta', 'beta'),
    tool.plugin && badge(tool.plugin, 'plugin'));
}

const PAUSE = 150; // milliseconds after a key before the server is asked: nobody reads what a next letter changes

export async function showCatalogue() {
  const { tools } = await get('tools');
  const best = h('div'), rest = h('div');
  const count = h('p', { class: 'quiet', role: 'status' });
  const search = h('input', { id: 'search', type: 'search', placeholder: 'stop a session, who spent what ...', oninput: () => list() });
  let waiting = null;

  // What has all the words as they stand is shown at once; what fits by its meaning the server finds, and stands above.
  function list() {
    clearTimeout(waiting);
    const query = search.value.trim();
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = tools.filter(tool => words.every(word => `${tool.name} ${tool.title} ${tool.summary} ${tool.resource}`.toLowerCase().includes(word)));
    const groups = Map.groupBy ? Map.groupBy(fitting, tool => tool.resource_label) : grouped(fitting);
    rest.replaceChildren(...[...groups].map(([label, group]) => section(label, group)));
    best.replaceChildren();
    const said = `${fitting.length} of ${tools.length} tools`;
    if (!query) count.textContent = said;
    else waiting = setTimeout(() => find(query, said), PAUSE);
  }

  async function find(query, said) {
    try {
      const found = await get(`tools?query=${encodeURIComponent(query)}`);
      if (query !== search.value.trim()) return;
      count.textContent = found.fits ? `${said} have these words` : `${said} have these words. There may be none for this.`;
      if (found.tools.length) best.replaceChildren(section(found.fits ? 'Best fits' : 'Perhaps', found.tools));
    } catch (fault) {
      if (query === search.value.trim()) count.textContent = fault.message;
    }
  }

  list();
  return {
    view: [h('h1', {}, 'Tools'), h('div', { class: 'searching' }, h('label', { for: 'search' }, 'Search'), search, count), best, rest],
    left: () => clearTimeout(waiting),
  };
}

function section(label, tools) {
  return h('section', { class: 'group' }, h('h2', {}, label), h('ul', { class: 'cards' }, tools.map(card)));
}

function grouped(tools) {
  const groups = new Map();
  for (const tool of tools) groups.set(tool.resource_label, [...(groups.get(tool.resource_label) || []), tool]);
  return groups;
}

function card(tool) {
  return h('li', {}, h('a', { class: 'card', href: `#/tools/${tool.name}` },
    h('strong', {}, tool.title), h('span', {}, tool.summary), badges(tool), h('code', {}, tool.name)));
}
