// One tool: what it is, a form for it, what it would send, what it gave, and how to write it elsewhere.

import { get, post } from './api.js';
import { badges } from './catalogue.js';
import { ask, h } from './dom.js';
import { formIn } from './form.js';
import { answered, failed } from './results.js';

const FORMS = [['cli', 'Command line'], ['python', 'Python'], ['curl', 'cURL'], ['mcp', 'MCP']];

export async function showTool({ about, name }) {
  const tool = await get(`tools/${name}`);
  const place = h('div', { class: 'form' });
  const result = h('section', { class: 'result', 'aria-live': 'polite', 'aria-label': 'Result' });
  const elsewhere = h('div', {});
  const form = formIn(place, tool, undefined, () => {});

  function enable(isEnabled) {
    for (const button of buttons) button.disabled = !isEnabled;
  }

  async function busy(work) {
    enable(false);
    result.replaceChildren(h('p', { class: 'quiet' }, 'Working ...'));
    try {
      result.replaceChildren(await work());
    } catch (fault) {
      result.replaceChildren(failed(fault));
    } finally {
      enable(true);
      result.scrollIntoView({ block: 'nearest' });
    }
  }

  // What starts sessions by itself says in its preview how many, and what they may spend: whoever is asked reads that.
  async function agreed(data) {
    const texts = [`This goes to ${new URL(about.api).host}.`];
    if (tool.effect === 'destroy') texts.push('It cannot be undone.');
    if (tool.is_billable) {
      texts.push(`It ${tool.spends}.`);
      enable(false);
      try {
        texts.push((await post(`tools/${name}/preview`, data)).cost || '');
      } catch (fault) {
        result.replaceChildren(failed(fault));
        return false;
      } finally {
        enable(true);
      }
    }
    return ask(`Run ${tool.title}?`, texts.join(' '), 'Run it');
  }

  async function run() {
    if (!form.isRight()) return;
    const data = form.data(); // what was agreed to is what is run
    if (tool.needs_consent && !about.is_simulated && !(await agreed(data))) return;
    await busy(async () => answered(await post(`tools/${name}/run`, data, { confirmed: tool.needs_consent }), tool.items_field));
  }

  const preview = () => form.isRight() && busy(async () => previewed(await post(`tools/${name}/preview`, form.data())));
  const write = async () => elsewhere.replaceChildren(snippets(await post(`tools/${name}/snippets`, form.data())));
  const buttons = [
    h('button', { type: 'button', class: tool.effect === 'destroy' ? 'danger' : 'primary', onclick: run }, 'Run'),
    h('button', { type: 'button', onclick: preview }, 'Preview'),
    h('button', { type: 'button', onclick: write }, 'Copy as ...'),
  ];

  const view = [
    h('p', {}, h('a', { href: '#/tools' }, 'All tools')),
    h('h1', {}, tool.title), badges(tool), h('p', {}, tool.description),
    h('p', { class: 'quiet' }, h('code', {}, tool.name), tool.route ? ` ${tool.route}` : ' made of other tools', tool.permission ? `, needs ${tool.permission}` : ''),
    h('div', { class: 'columns' },
      h('section', { 'aria-label': 'Input' }, h('h2', {}, 'Input'), place, h('div', { class: 'actions' }, buttons), elsewhere),
      h('div', {}, h('h2', {}, 'Result'), result, described(tool)))];
  result.append(h('p', { class: 'quiet' }, 'Nothing was run yet.'));
  return { view, left: form.close };
}

function previewed(preview) {
  const requests = preview.requests.map(one => h('li', {}, h('code', {}, `${one.method} ${one.url}`),
    one.body ? h('pre', { class: 'json', tabindex: 0 }, JSON.stringify(one.body, null, 2)) : null));
  const refused = preview.refused || preview.refusal;
  const cost = preview.cost || (preview.is_billable ? 'It can spend ACUs.' : null);
  return h('div', {}, h('p', {}, h('strong', {}, 'Nothing was sent.'), ' It would send:'), h('ul', { class: 'requests' }, requests),
    cost && h('p', { class: 'cost' }, cost),
    refused && h('p', { class: 'error' }, typeof refused === 'string' ? refused : refused.message));
}

function snippets(texts) {
  return h('div', { class: 'snippets' }, FORMS.map(([key, label]) => h('details', { open: key === 'cli' },
    h('summary', {}, label),
    h('pre', { tabindex: 0 }, texts[key]),
    h('button', { type: 'button', onclick: event => copy(event.currentTarget, texts[key]) }, 'Copy'))));
}

// Browsers give pages no clipboard that came over plain HTTP from another machine: there the text is marked, to be copied by hand.
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = 'Marked: copy it by the keyboard';
  }
}

function described(tool) {
  return h('details', {}, h('summary', {}, 'What it takes and gives'), h('h3', {}, 'Input'), schema(tool.input), h('h3', {}, 'Output'), schema(tool.output));
}

function schema(node) {
  const required = new Set(node.required || []);
  const rows = Object.entries(node.properties || {}).map(([name, part]) => h('tr', {},
    h('td', {}, h('code', {}, name)), h('td', {}, kind(part)), h('td', {}, required.has(name) ? 'required' : ''), h('td', {}, part.description || '')));
  return h('div', { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': 'Fields' }, h('table', {}, h('thead', {}, h('tr', {}, ['Field', 'Kind', '', 'Meaning'].map(text => h('th', { scope: 'col' }, text)))), h('tbody', {}, rows)));
}

function kind(part) {
  if (part.enum) return part.enum.map(value => JSON.stringify(value)).join(' or ');
  if (part.anyOf) return part.anyOf.map(kind).join(' or ');
  if (part.type === 'array') return `list of ${kind(part.items || {})}`;
  return part.type || 'anything';
}
