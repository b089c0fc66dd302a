// Elements from plain values. Text is only ever text: nothing here can make markup of it.

const SVG = 'http://www.w3.org/2000/svg';
const DRAWN = new Set(['svg', 'g', 'rect', 'line', 'circle', 'path', 'text', 'title', 'desc']);

export function h(tag, properties = {}, ...children) {
  const element = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

// Links from outside lead to the web, or nowhere: no other kind of address is followed.
export function link(url, text = url) {
  const isWeb = /^https?:\/\//i.test(url || '');
  return isWeb ? h('a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, text) : h('span', {}, text || '');
}

export function show(...children) {
  document.getElementById('main').replaceChildren(...children.flat().filter(Boolean));
}

export function badge(text, kind) {
  return h('span', { class: `badge badge-${kind}` }, text);
}

export function time(seconds) {
  if (seconds === null || seconds === undefined) return '';
  const date = new Date(seconds * 1000);
  return h('time', { datetime: date.toISOString() }, date.toLocaleString());
}

export function age(now, then) {
  const seconds = Math.max(0, now - then);
  for (const [size, unit] of [[86400, 'd'], [3600, 'h'], [60, 'min']]) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${Math.floor(seconds)} s`;
}

// Asks a person in a dialog; resolves to whether they agreed.
export function ask(title, text, agree) {
  const dialog = document.getElementById('dialog');
  return new Promise(resolve => {
    dialog.replaceChildren(
      h('h2', { id: 'dialog-title' }, title), h('p', {}, text),
      h('form', { method: 'dialog', class: 'actions' }, h('button', { value: 'no', autofocus: true }, 'Cancel'), h('button', { value: 'yes', class: 'danger' }, agree)));
    dialog.onclose = () => resolve(dialog.returnValue === 'yes');
    dialog.returnValue = 'no';
    dialog.showModal();
  });
}
