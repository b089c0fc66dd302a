// The tools: searched, by resource, each with what it does to the world.

import { get } from './api.js';
import { badge, h } from './dom.js';

export function badges(tool) {
  return h('span', { class: 'badges' },
    badge(tool.effect === 'read' ? 'reads' : tool.effect === 'write' ? 'writes' : 'destroys', tool.effect),
    tool.spends && badge(tool.spends, 'bills'),
    tool.is_beta && badge('beta', 'beta'),
    tool.plugin && badge(tool.plugin, 'plugin'));
}

export async function showCatalogue() {
  const { tools } = await get('tools');
  const found = h('div', { id: 'found' });
  const count = h('p', { class: 'quiet', role: 'status' });
  const search = h('input', { id: 'search', type: 'search', placeholder: 'session, tags, schedule ...', oninput: () => list() });

  function list() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = tools.filter(tool => words.every(word => `${tool.name} ${tool.title} ${tool.summary} ${tool.resource}`.toLowerCase().includes(word)));
    count.textContent = `${fitting.length} of ${tools.length} tools`;
    const groups = Map.groupBy ? Map.groupBy(fitting, tool => tool.resource_label) : grouped(fitting);
    found.replaceChildren(...[...groups].map(([label, group]) =>
      h('section', { class: 'group' }, h('h2', {}, label), h('ul', { class: 'cards' }, group.map(card)))));
  }
  list();
  return { view: [h('h1', {}, 'Tools'), h('div', { class: 'searching' }, h('label', { for: 'search' }, 'Search'), search, count), found] };
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
