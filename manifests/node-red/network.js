// One request and its answer, over a connection of its own: through a proxy where one leads, under the TLS configuration of the
// account. Node's `fetch` knows neither.
'use strict';

const http = require('http');
const https = require('https');
const net = require('net');
const tls = require('tls');
const { proxyTo } = require('./proxies.js');

// What surely was not sent, and what may have taken effect without an answer.
class Unsent extends Error {}
class Lost extends Error {}

const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED)$/;
const INVALID = /^(CERT_|CRL_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)/;
const REFUSED_IN_TLS = /ALERT/; // with TLS 1.3 a missing client certificate is refused after the request went out, which is not read then

const GUIDE = 'in user and password write @ as %40, : as %3A and / as %2F';

function placeOf(proxy) {
  return `the proxy of ${proxy.name} (${proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host}:${proxy.port})`;
}

function unreached(error, who) {
  const code = error.code || error.name;
  const to = who ? ` to ${who}` : '';
  if (UNTRUSTED.test(code)) return new Unsent(`There is no connection${to} (${code}): the certificate is not trusted. Give its authority in the TLS configuration of the account.`);
  if (INVALID.test(code)) return new Unsent(`There is no connection${to} (${code}): the certificate is not valid for this host now.`);
  if (REFUSED_IN_TLS.test(code)) return new Unsent(`There is no connection${to} (${code}): TLS was refused. A certificate of one's own goes into the TLS configuration of the account.`);
  return new Unsent(`There is no connection${to} (${code}).`);
}

function refusedByProxy(proxy, place, status) {
  const who = placeOf(proxy);
  if (status !== 407) return new Unsent(`There is no connection: ${who} does not lead to ${place} (${status}). Nothing was sent.`);
  const what = proxy.user ? 'refuses the user and password that it was given' : 'wants a user and a password';
  return new Unsent(`There is no connection: ${who} ${what} (407); ${GUIDE}. Nothing was sent.`);
}

function identity(proxy) {
  return proxy.user ? { 'proxy-authorization': `Basic ${Buffer.from(`${proxy.user}:${proxy.password}`).toString('base64')}` } : {};
}

// A proxy with TLS is trusted as the host is; the certificate of one's own is for the host alone.
function trustIn({ ca, rejectUnauthorized }) {
  return { ...(ca && { ca }), ...(rejectUnauthorized === false && { rejectUnauthorized }) };
}

// Asks a proxy to lead to a host; gives the socket.
function tunnel(proxy, host, port, options, signal) {
  if (proxy.kind.startsWith('socks')) return throughSocks(proxy, host, port, signal);
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const asked = (proxy.kind === 'https' ? https : http).request({
      host: proxy.host, port: proxy.port, method: 'CONNECT', path: place, agent: false, signal,
      headers: { host: place, ...identity(proxy) }, ...trustIn(options),
    });
    asked.once('connect', (answer, socket) => {
      if (answer.statusCode >= 200 && answer.statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(refusedByProxy(proxy, place, answer.statusCode));
    });
    asked.once('error', error => reject(unreached(error, placeOf(proxy))));
    asked.end();
  });
}

async function throughSocks(proxy, host, port, signal) {
  let library;
  try {
    library = require('socks');
  } catch {
    throw new Unsent(`${proxy.name} names a SOCKS proxy, and what speaks to one is not installed: run \`npm install socks\` in the folder of this pack. Nothing was sent.`);
  }
  const { kind, user, password } = proxy;
  const asked = library.SocksClient.createConnection({
    proxy: { host: proxy.host, port: proxy.port, type: kind.startsWith('socks4') ? 4 : 5, ...(user && { userId: user, password }) },
    command: 'connect', destination: { host, port },
  });
  try {
    const made = await Promise.race([asked, aborted(signal)]);
    return made.socket;
  } catch (error) {
    asked.then(({ socket }) => socket.destroy(), () => {});
    if (signal.aborted) throw signal.reason;
    const refusal = /auth/i.test(error.message) ? refusedByProxy(proxy, `${host}:${port}`, 407) : null;
    throw refusal || unreached(error.code ? error : { code: 'SOCKS' }, placeOf(proxy));
  }
}

function aborted(signal) {
  return new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

function checkTls(options) {
  try {
    tls.createSecureContext(options);
  } catch (error) {
    throw new Unsent(`The TLS configuration of the account cannot be used (${error.code || error.name}). Nothing was sent.`);
  }
}

// `routes` may hold `tls`, options of Node's `tls.connect`, and `proxy`, what an account names in place of the environment.
async function send(address, { method, headers, body }, signal, routes = {}) {
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) throw new TypeError('not a URL of an API');
  const isSecure = url.protocol === 'https:', host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (isSecure ? 443 : 80), options = isSecure ? routes.tls || {} : {};
  checkTls(options);
  const proxy = proxyTo(url, routes.proxy), isForwarded = proxy && !isSecure && !proxy.kind.startsWith('socks');
  const led = proxy && !isForwarded ? await tunnel(proxy, host, port, options, signal) : undefined;
  const first = isForwarded ? proxy : { host, port };
  let isSent = Boolean(led) && !isSecure;

  function connect() {
    const name = options.servername || (net.isIP(host) ? undefined : host);
    const toProxy = isForwarded && proxy.kind === 'https';
    const socket = isSecure ? tls.connect({ host, port, ...(led && { socket: led }), ...(name && { servername: name }), ...options })
      : toProxy ? tls.connect({ host: first.host, port: first.port, ...(!net.isIP(first.host) && { servername: first.host }), ...trustIn(routes.tls || {}) })
        : led || net.connect({ host: first.host, port: first.port });
    socket.once(isSecure || toProxy ? 'secureConnect' : 'connect', () => { isSent = true; });
    return socket;
  }

  return new Promise((resolve, reject) => {
    const failed = error => {
      if (signal.aborted) return reject(isSent ? Object.assign(new Lost(signal.reason.message), { isStopped: true }) : signal.reason);
      const isRefused = REFUSED_IN_TLS.test(error.code || '');
      reject(isSent && !isRefused ? new Lost(`The answer was lost (${error.code || error.name}).`) : unreached(error, isForwarded ? placeOf(proxy) : ''));
    };
    const asked = http.request({
      createConnection: connect, signal, method, host, port, path: isForwarded ? url.href : url.pathname + url.search,
      headers: { host: url.host, ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }), ...(isForwarded && identity(proxy)) },
    }, answer => {
      const parts = [];
      answer.on('data', part => parts.push(part));
      answer.once('error', failed);
      answer.once('aborted', () => failed({ code: 'ECONNRESET' }));
      answer.once('end', () => {
        if (isForwarded && answer.statusCode === 407) return reject(refusedByProxy(proxy, url.host, 407));
        resolve({ status: answer.statusCode, ok: answer.statusCode >= 200 && answer.statusCode < 300, header: name => answer.headers[name], text: Buffer.concat(parts).toString('utf8') });
      });
    });
    asked.once('error', failed);
    asked.end(body);
  });
}

module.exports = { Lost, Unsent, send };
