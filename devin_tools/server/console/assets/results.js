// What a call gave, as a table and as JSON; and why it gave nothing.

import { h, link } from './dom.js';

export function failed(fault) {
  const places = (fault.details || []).filter(one => one.path).map(one => h('li', {}, h('code', {}, one.path), ` ${one.reason || ''}`));
  return h('div', { class: 'error', role: 'alert' },
    h('p', {}, h('strong', {}, fault.kind || 'error'), ` ${fault.message}`), fault.hint && h('p', {}, fault.hint), places.length > 0 && h('ul', {}, places));
}

export function answered(output, itemsField) {
  const json = h('pre', { class: 'json', tabindex: 0 }, JSON.stringify(output, null, 2));
  const table = tableOf(output, itemsField);
  const views = [['Table', table], ['JSON', json]];
  const place = h('div', {}, table);
  const buttons = views.map(([name, view], index) => h('button', {
    type: 'button', 'aria-pressed': String(index === 0),
    onclick: event => {
      place.replaceChildren(view);
      for (const button of buttons) button.setAttribute('aria-pressed', String(button === event.currentTarget));
    },
  }, name));
  return h('div', { class: 'answer' }, h('div', { class: 'switch', role: 'group', 'aria-label': 'How to show it' }, buttons), place);
}

function tableOf(output, itemsField) {
  const rows = itemsField && Array.isArray(output[itemsField]) ? output[itemsField] : null;
  if (!rows) return facts(output);
  const rest = Object.fromEntries(Object.entries(output).filter(([name]) => name !== itemsField));
  return h('div', {}, rows.length ? grid(rows) : h('p', { class: 'quiet' }, 'No items.'), facts(rest));
}

function grid(rows) {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))].filter(name => rows.some(row => row[name] !== null && row[name] !== undefined)).slice(0, 12);
  return h('div', { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': 'Items' }, h('table', {},
    h('thead', {}, h('tr', {}, columns.map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, rows.map(row => h('tr', {}, columns.map(name => h('td', {}, cell(row[name]))))))));
}

function facts(output) {
  return h('dl', { class: 'facts' }, Object.entries(output).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, cell(value))]));
}

function cell(value) {
  if (value === null || value === undefined) return h('span', { class: 'quiet' }, 'none');
  if (typeof value === 'string') return link(value);
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value.join(', ') || h('span', { class: 'quiet' }, 'empty');
  if (typeof value === 'object') return h('code', {}, JSON.stringify(value));
  return String(value);
}
