// Which page is shown, and who may see it. A page gives what to show, and perhaps what to do when it is left.

import { get, keep } from './api.js';
import { showBoard } from './board.js';
import { showCatalogue } from './catalogue.js';
import { h, show } from './dom.js';
import { showSession } from './session.js';
import { showTool } from './tool.js';

let about = null;
let leave = () => {};
let hasTurned = false; // who opens the page begins at its top
let turns = 0;

const PAGES = [
  [/^#\/tools\/([\w.-]+)$/, showTool, 'tools'],
  [/^#\/sessions\/([\w-]+)$/, showSession, 'board'],
  [/^#\/board$/, showBoard, 'board'],
  [/^/, showCatalogue, 'tools'],
];

async function turn() {
  leave();
  leave = () => {};
  if (!about) return;
  const [pattern, page, name] = PAGES.find(([candidate]) => candidate.test(location.hash));
  for (const tab of document.querySelectorAll('nav a')) {
    if (tab.dataset.page === name) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  const turned = ++turns;
  try {
    const { view, left = () => {} } = await page({ about, name: (pattern.exec(location.hash) || [])[1] });
    if (turned !== turns) return left(); // somebody has gone on while it was read
    leave = left;
    show(...view);
  } catch (fault) {
    if (turned !== turns) return;
    if (fault.status === 401) return signIn('The token is not accepted any more.');
    show(h('h1', {}, 'That did not work'), h('p', { class: 'error', role: 'alert' }, fault.message), fault.hint && h('p', {}, fault.hint));
  }
  if (hasTurned) document.getElementById('main').focus({ preventScroll: true });
  hasTurned = true;
  window.scrollTo(0, 0);
}

function signIn(complaint = '') {
  about = null;
  const token = h('input', { id: 'token', type: 'password', autocomplete: 'off', required: true });
  show(h('section', { class: 'narrow' },
    h('h1', {}, 'Sign in'),
    h('p', {}, 'This server wants its own token: the one it was started with, not a Devin key.'),
    h('form', { onsubmit: event => { event.preventDefault(); keep(token.value.trim()); start('The token is not accepted.'); } },
      h('label', { for: 'token' }, 'Server token'), token, h('button', { class: 'primary' }, 'Sign in')),
    complaint && h('p', { class: 'error', role: 'alert' }, complaint)));
  token.focus();
}

async function start(complaint = '') {
  try {
    about = await get('about');
  } catch (fault) {
    if (fault.status === 401) {
      keep(null);
      return signIn(complaint);
    }
    return show(h('p', { class: 'error', role: 'alert' }, fault.message));
  }
  const where = document.getElementById('where');
  where.textContent = about.is_simulated ? 'Simulator: nothing costs' : `Live: ${new URL(about.api).host}`;
  where.className = `where ${about.is_simulated ? 'simulated' : 'live'}`;
  if (about.is_read_only) where.textContent += ', read only';
  if (about.is_dry) where.textContent += ', dry run';
  return turn();
}

addEventListener('hashchange', turn);
start();
