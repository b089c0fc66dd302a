// The nodes. All that differs between tools is in tools.json.
'use strict';

const { createHash } = require('crypto');
const pack = require('./tools.json');
const { BadInput, toArguments } = require('./values.js');
const { allPages, callApi, callServer, exchange, reasonOf } = require('./api.js');

const TEST_SECONDS = 15;
const LONGEST_TIMER = 2 ** 31 - 1; // milliseconds; a longer one ends at once
const PROPERTIES = ['msg', 'flow', 'global'];
const MOST_DOUBTS = 1000;

// By node, message and arguments: the tags of sessions that may have been started. A message that comes again looks for it first.
const doubts = new Map();

module.exports = function (RED) {
  function Account(config) {
    RED.nodes.createNode(this, config);
    const secrets = this.credentials || {};
    const trimmed = url => String(url || '').trim().replace(/\/+$/, '');
    this.baseUrl = trimmed(config.baseUrl) || pack.base_url;
    this.serverUrl = trimmed(config.serverUrl);
    this.key = () => need(String(secrets.key || '').trim(), 'The account has no API key.');
    this.serverToken = () => String(secrets.serverToken || '').trim();
    this.isTagged = config.tagCreates !== false;
    this.routes = () => ({ tls: tlsOf(config.tls), proxy: proxyOf(config.proxy) });
    this.serverRoutes = () => ({ tls: tlsOf(config.serverTls), proxy: proxyOf(config.proxy) });
    this.org = async signal => String(config.orgId || '').trim() || (this.found = this.found || await orgOf(this, signal));
  }
  RED.nodes.registerType(pack.account, Account, { credentials: { key: { type: 'password' }, serverToken: { type: 'password' } } });

  // What is chosen and not there must not become a connection without it.
  function chosen(id, type, what) {
    const node = RED.nodes.getNode(id);
    return need(node && node.type === type && node, `${what} of the account is not there, or not deployed. Nothing was sent.`);
  }

  function tlsOf(id) {
    if (!id) return undefined;
    const node = chosen(id, 'tls-config', 'The TLS configuration');
    if (node.valid === false) throw new Error('The TLS configuration of the account cannot be used: its files are missing, or one without the other. Nothing was sent.');
    const options = node.addTLSOptions({});
    if (options.rejectUnauthorized !== false) delete options.rejectUnauthorized; // certificates are checked unless a person said otherwise
    return options;
  }

  function proxyOf(id) {
    if (!id) return undefined;
    const { url, noproxy, credentials } = chosen(id, 'http proxy', 'The proxy');
    const { username, password } = credentials || {};
    const user = username ? { user: username, password: password || '' } : {};
    return { name: 'the account', text: need(String(url || '').trim(), 'The proxy of the account has no URL. Nothing was sent.'), exceptions: [].concat(noproxy || []).join(','), user };
  }

  function need(value, complaint) {
    if (!value) throw new Error(complaint);
    return value;
  }

  async function orgOf(account, signal) {
    const self = await callApi(account, { http: { method: 'GET', path: '/v3/self' }, fields: [] }, {}, signal);
    return need(self && self.org_id, 'The key belongs to no single organization: give its id in the account.');
  }

  const evaluated = (value, type, node, msg) => new Promise((resolve, reject) => {
    if (['choice', 'bool'].includes(type)) return resolve(value); // Node-RED reads whatever is not `true` as false
    if (type === 'num' && !String(value).trim()) return resolve(''); // and nothing as 0
    RED.util.evaluateNodeProperty(value, type, node, msg, (error, result) => (error ? reject(error) : resolve(result)));
  });

  // What a property, a variable or an expression holds; undefined where there is nothing.
  async function found(field, value, type, node, msg) {
    try {
      const parts = type === 'env' ? String(value).match(/\$\{[^}]+\}/g) || [] : [];
      for (const part of parts) {
        const isWhole = part === String(value);
        if (!isWhole && await evaluated(part, type, node, msg) === '') throw new BadInput('names a variable that is not set');
      }
      const result = await evaluated(value, type, node, msg);
      return type === 'env' && result === '' ? undefined : result; // Node-RED gives '' for a variable that is not set
    } catch (error) {
      if (PROPERTIES.includes(type) && error instanceof TypeError) return undefined; // a part of the path is not there
      const what = error instanceof BadInput ? error.message : type === 'json' ? 'is not JSON' : 'could not be evaluated';
      throw new Error(`${field.name}: ${what}. Nothing was sent.`); // the error's own words quote the value
    }
  }

  // A field whose kind is `omit` is not sent; so is one whose property is not there, unless more would be spent or granted then.
  async function given(tool, config, node, msg) {
    const values = {};
    for (const field of tool.fields) {
      const type = config[`f_${field.name}Type`] || 'omit';
      if (type === 'omit') continue;
      const value = values[field.name] = await found(field, config[`f_${field.name}`], type, node, msg);
      if (field.held && (value === undefined || value === null)) throw new Error(`${field.name}: holds nothing, which would lift what it sets: give a value, or choose "not sent". Nothing was sent.`);
    }
    return values;
  }

  // A tool that waits has an end of its own, which the node gives time to come.
  function secondsFor(tool, config, values) {
    const own = tool.waits ? values.timeout_seconds || tool.waits : 0;
    return Number(config.timeout) > 0 ? Number(config.timeout) : own + pack.timeout;
  }

  for (const tool of pack.tools) {
    RED.nodes.registerType(tool.type, function (config) {
      RED.nodes.createNode(this, config);
      const node = this, running = new Set();
      let isClosed = false;
      const told = text => node.status({ fill: 'blue', shape: 'dot', text });

      async function run(msg, signal, began) {
        const account = need(RED.nodes.getNode(config.account), 'Choose an account in the node.');
        const values = toArguments(tool.fields, await given(tool, config, node, msg));
        began(secondsFor(tool, config, values));
        if (!tool.http) need(account.serverUrl, `${tool.title} needs the URL of a tools server (devin-tools serve) in the account.`);
        const call = next => (tool.http
          ? tool.once ? once(account, tool, next, signal, msg) : callApi(account, tool, next, signal)
          : callServer(account, tool, next, signal, config.confirm, () => told('still waiting')));
        return tool.paging && config.allPages ? allPages(tool, values, call, count => told(`${count} so far`)) : call(values);
      }

      async function once(account, tool, values, signal, msg) {
        const digest = createHash('sha256').update(JSON.stringify(values)).digest('hex');
        const name = `${node.id} ${msg._msgid} ${digest}`, earlier = doubts.get(name), attempt = { tag: earlier };
        doubts.delete(name);
        try {
          const output = await callApi(account, tool, values, signal, attempt);
          if (output.creation === 'adopted') told('found');
          return output;
        } catch (error) {
          if (attempt.tag && (error.isInDoubt || earlier)) {
            doubts.set(name, attempt.tag);
            if (doubts.size > MOST_DOUBTS) doubts.delete(doubts.keys().next().value);
            error.mark = attempt.tag;
          }
          throw error;
        }
      }

      // Nobody hears the error of a node that is gone.
      function stopped(error, done) {
        const what = error.mark ? `a session may be at work, with the tag ${error.mark}` : 'it may have taken effect';
        if (error.isInDoubt || error.mark) node.warn(`The flow was stopped before the answer came: ${what}.`);
        done();
      }

      node.on('input', async (msg, send, done) => {
        const stop = new AbortController();
        let timer;
        const began = seconds => {
          const end = () => stop.abort(new Error(`No end after ${seconds} seconds.`));
          timer = setTimeout(end, Math.min(seconds * 1000, LONGEST_TIMER));
        };
        running.add(stop);
        told('running');
        if (msg.error) delete msg.statusCode; // sent again by a catch node: the refusal is history
        try {
          msg.payload = await run(msg, stop.signal, began);
          node.status({ fill: 'green', shape: 'dot', text: 'done' });
          send(msg);
          done();
        } catch (error) {
          if (isClosed) return stopped(error, done);
          if (error.statusCode) msg.statusCode = error.statusCode;
          node.status({ fill: 'red', shape: 'ring', text: String(error.statusCode || 'failed') });
          done(error);
        } finally {
          clearTimeout(timer);
          running.delete(stop);
        }
      });

      node.on('close', () => {
        isClosed = true;
        for (const stop of running) stop.abort(new Error('The flow was stopped.'));
        node.status({});
      });
    });
  }

  // The account's test button: who is asking must be one who may change flows.
  RED.httpAdmin.post('/devin-tools/test', RED.auth.needsPermission('flows.write'), async (request, response) => {
    const { id, baseUrl, key, tls, proxy } = request.body || {};
    const url = String(baseUrl || pack.base_url).trim().replace(/\/+$/, '') + '/v3/self';
    const used = key && key !== '__PWRD__' ? fromEnvironment(key) : keptBy(RED.nodes.getNode(id));
    try {
      const signal = AbortSignal.timeout(TEST_SECONDS * 1000);
      const routes = { tls: tlsOf(configured(tls)), proxy: proxyOf(configured(proxy)) };
      const { answer, data } = await exchange(url, used, { method: 'GET' }, signal, {}, routes);
      response.json(answer.ok ? { ok: true, org: data && data.org_id } : { ok: false, reason: `${answer.status}: ${reasonOf(data, used)}` });
    } catch (error) {
      response.json({ ok: false, reason: error.message });
    }
  });

  // The editor writes `_ADD_` where nothing is chosen.
  function configured(id) {
    return id && id !== '_ADD_' ? String(id) : '';
  }

  // Only an account's key: an id could name any node, and the key goes where the request says.
  function keptBy(node) {
    return node && node.type === pack.account && node.credentials ? String(node.credentials.key || '').trim() : '';
  }

  function fromEnvironment(key) {
    const name = /^\$\{(\w+)\}$/.exec(key.trim());
    return name ? process.env[name[1]] || '' : key.trim();
  }
};
