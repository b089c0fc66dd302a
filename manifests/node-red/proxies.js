// The proxies that the environment names, as the rest of this pack's clients read them: `https_proxy` counts, or else
// `all_proxy` (`http_proxy` for plain HTTP), but not for this machine and the hosts of `no_proxy`. The name in small letters
// goes before the one in capitals, as in curl. No error shows a user, a password, or a value that could not be read.
'use strict';

const net = require('net');

const PORTS = { http: 80, https: 443, socks4: 1080, socks4a: 1080, socks5: 1080, socks5h: 1080 };
const FORM = 'http://HOST:PORT, perhaps with USER:PASSWORD@ before HOST';
const BARE = /^(?:\[([0-9a-f:.]+)\]|([^\s:/[\]@]+))(?::(\d{0,5}))?$/i;
const BRACKETS = /^\[([^\]%/]+)(?:%[^\]/]*)?(\/\d+)?\](\/\d+)?(?::(\d+))?$/;

// Set to nothing in small letters, a variable does not count in capitals either.
function variable(name) {
  const known = process.env;
  const names = name in known ? [name] : Object.keys(known).filter(other => other.toLowerCase() === name);
  const set = names.find(other => known[other].trim());
  return set && { name: set, text: known[set].trim() };
}

// The proxy that leads to a URL, if any. `own` is what an account names in place of the environment.
function proxyTo(url, own) {
  const host = bare(url.hostname), port = Number(url.port) || PORTS[url.protocol.slice(0, -1)];
  const found = own || variable(`${url.protocol.slice(0, -1)}_proxy`) || variable('all_proxy');
  if (!found || isHere(host)) return null;
  const exceptions = own ? own.exceptions : (variable('no_proxy') || { text: '' }).text;
  if (covers(exceptions, host, port)) return null;
  return own ? { ...readProxy(own.name, own.text), ...own.user } : readProxy(found.name, found.text);
}

function bare(host) {
  return host.replace(/^\[|\]$|\.$/g, '').toLowerCase();
}

function isHere(host) {
  return host === 'localhost' || inNetwork(host, net.isIP(host), networkOf('127.0.0.0/8')) || host === '::1';
}

function readProxy(name, text) {
  const malformed = () => new Error(`${name} does not name a proxy: set it to ${FORM}, without quotes; in user and password write @ as %40, : as %3A and / as %2F. Nothing was sent.`);
  const [, scheme, rest] = /^(?:([^:/]*):\/\/|\/\/)?(.*)$/s.exec(text);
  const kind = (scheme || 'http').toLowerCase() === 'socks' ? 'socks5' : (scheme || 'http').toLowerCase();
  if (!Object.hasOwn(PORTS, kind)) throw new Error(`${name} names a proxy of a kind that is not supported: ${Object.keys(PORTS).join(', ')} are. Nothing was sent.`);
  const authority = rest.split(/[/?#]/)[0], at = authority.lastIndexOf('@');
  const match = BARE.exec(authority.slice(at + 1));
  const port = Number((match && match[3]) || PORTS[kind]);
  const isNumber = match && /^[\d.]+$/.test(match[2] || '') && !net.isIPv4(match[2]); // `new URL` makes an address of 8080
  if (!match || isNumber || rest.slice(authority.length).includes('@') || !(port > 0 && port < 65536) || (match[1] && !net.isIPv6(match[1]))) throw malformed();
  try {
    const [user, ...password] = authority.slice(0, Math.max(at, 0)).split(':');
    const host = match[1] || new URL(`http://${match[2]}`).hostname; // in ASCII, as the system's look-up takes it
    return { name, kind, host, port, user: decodeURIComponent(user), password: decodeURIComponent(password.join(':')) };
  } catch {
    throw malformed();
  }
}

// An entry is `*`, a name (of the host and of all below it, with or without `.` or `*.` before it), an address or a network,
// with or without a port. What cannot be read is passed over.
function covers(text, host, port) {
  const family = net.isIP(host);
  return text.split(/[\s,;]+/).map(entry => entry.replace(/^["']+|["']+$/g, '')).filter(entry => entry).some(entry => {
    const { rule, only } = ruleOf(entry.includes('://') ? entry.split('://')[1].split('/')[0] : entry);
    return rule !== undefined && (only === undefined || only === port) && fits(rule, host, family);
  });
}

function ruleOf(text) {
  const match = BRACKETS.exec(text);
  if (match) return { rule: networkOf(match[1] + (match[2] || match[3] || '')), only: match[4] && Number(match[4]) };
  const whole = networkOf(text);
  if (whole) return { rule: whole };
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(text);
  const name = host.replace(/^\*\./, '').replace(/^\.+|\.+$/g, '').toLowerCase();
  const rule = networkOf(host) || (/^([\p{L}\p{N}_.*-]+|<local>)$/u.test(name) ? name : undefined);
  return { rule, only: port && Number(port) };
}

// An address or a network, its mask in bits or written out; undefined for anything else.
function networkOf(text) {
  const [, address, mask] = /^([^/%]*)(?:%[^/]*)?(?:\/(.*))?$/.exec(text) || [];
  const family = net.isIP(address || '');
  if (!family) return undefined;
  const most = family === 6 ? 128 : 32;
  const bits = mask === undefined ? most : net.isIPv4(mask) ? mask.split('.').reduce((sum, part) => sum + Number(part).toString(2).replace(/0/g, '').length, 0) : /^\d+$/.test(mask) ? Number(mask) : NaN;
  if (!(bits <= most)) return undefined;
  const list = new net.BlockList();
  list.addSubnet(address, bits, `ipv${family}`);
  return list;
}

function inNetwork(host, family, network) {
  return family > 0 && network.check(host, `ipv${family}`);
}

function fits(rule, host, family) {
  if (typeof rule !== 'string') return inNetwork(host, family, rule);
  if (rule === '<local>') return !family && !host.includes('.'); // of Windows: names without a dot
  if (rule.includes('*')) return new RegExp(`^${rule.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`).test(host);
  return host === rule || (!family && host.endsWith(`.${rule}`));
}

module.exports = { proxyTo };
