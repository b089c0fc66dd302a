// The nodes. All that differs between tools is in tools.json.
'use strict';

const pack = require('./tools.json');
const { toArguments } = require('./values.js');
const { callAllPages, callApi, callServer, exchange, reasonOf } = require('./api.js');

const TEST_SECONDS = 15;

module.exports = function (RED) {
  function Account(config) {
    RED.nodes.createNode(this, config);
    const secrets = this.credentials || {};
    const trimmed = url => String(url || '').trim().replace(/\/+$/, '');
    this.baseUrl = trimmed(config.baseUrl) || pack.base_url;
    this.serverUrl = trimmed(config.serverUrl);
    this.key = () => need(secrets.key, 'The account has no API key.');
    this.serverToken = () => secrets.serverToken || '';
    this.org = async signal => String(config.orgId || '').trim() || (this.found = this.found || await orgOf(this, signal));
  }
  RED.nodes.registerType(pack.account, Account, { credentials: { key: { type: 'password' }, serverToken: { type: 'password' } } });

  function need(value, complaint) {
    if (!value) throw new Error(complaint);
    return value;
  }

  async function orgOf(account, signal) {
    const self = await callApi(account, { http: { method: 'GET', path: '/v3/self' }, fields: [] }, {}, signal);
    return need(self && self.org_id, 'The key belongs to no single organization: give its id in the account.');
  }

  const evaluated = (value, type, node, msg) => new Promise((resolve, reject) => {
    if (type === 'choice') return resolve(value);
    RED.util.evaluateNodeProperty(value, type, node, msg, (error, result) => (error ? reject(error) : resolve(result)));
  });

  // A field whose kind is `omit` is not sent; so is one whose property is not there.
  async function given(tool, config, node, msg) {
    const values = {};
    for (const field of tool.fields) {
      const type = config[`f_${field.name}Type`] || 'omit';
      if (type !== 'omit') values[field.name] = await evaluated(config[`f_${field.name}`], type, node, msg);
    }
    return values;
  }

  for (const tool of pack.tools) {
    RED.nodes.registerType(tool.type, function (config) {
      RED.nodes.createNode(this, config);
      const node = this, running = new Set();
      const told = text => node.status({ fill: 'blue', shape: 'dot', text });

      async function run(msg, signal) {
        const account = need(RED.nodes.getNode(config.account), 'Choose an account in the node.');
        const values = toArguments(tool.fields, await given(tool, config, node, msg));
        if (!tool.http) {
          need(account.serverUrl, `${tool.title} needs the URL of a tools server (devin-tools serve) in the account.`);
          return callServer(account, tool, values, signal, config.confirm, () => told('still waiting'));
        }
        return tool.paging && config.allPages
          ? callAllPages(account, tool, values, signal, count => told(`${count} so far`))
          : callApi(account, tool, values, signal);
      }

      node.on('input', async (msg, send, done) => {
        const stop = new AbortController();
        const seconds = Number(config.timeout) || pack.timeout;
        const timer = setTimeout(() => stop.abort(new Error(`No end after ${seconds} seconds.`)), seconds * 1000);
        running.add(stop);
        told('running');
        try {
          msg.payload = await run(msg, stop.signal);
          node.status({ fill: 'green', shape: 'dot', text: 'done' });
          send(msg);
          done();
        } catch (error) {
          if (error.statusCode) msg.statusCode = error.statusCode;
          node.status({ fill: 'red', shape: 'ring', text: String(error.statusCode || 'failed') });
          done(failure(error, stop));
        } finally {
          clearTimeout(timer);
          running.delete(stop);
        }
      });

      node.on('close', () => {
        for (const stop of running) stop.abort(new Error('The flow was stopped.'));
        node.status({});
      });
    });
  }

  // fetch hides why it failed behind one sentence; the cause's code says it, and holds no secret.
  function failure(error, stop) {
    if (stop.signal.aborted) return stop.signal.reason;
    const code = error.cause && error.cause.code;
    return code ? new Error(`The API could not be reached (${code}).`) : error;
  }

  // The account's test button: who is asking must be one who may change flows.
  RED.httpAdmin.post('/devin-tools/test', RED.auth.needsPermission('flows.write'), async (request, response) => {
    const { id, baseUrl, key } = request.body || {};
    const stored = RED.nodes.getCredentials(id) || {};
    const used = key && key !== '__PWRD__' ? key : stored.key;
    const url = String(baseUrl || pack.base_url).replace(/\/+$/, '') + '/v3/self';
    try {
      const signal = AbortSignal.timeout(TEST_SECONDS * 1000);
      const { answer, data } = await exchange(url, fromEnvironment(used), { method: 'GET' }, signal);
      response.json(answer.ok ? { ok: true, org: data && data.org_id } : { ok: false, reason: `${answer.status}: ${reasonOf(data)}` });
    } catch {
      response.json({ ok: false, reason: 'the API could not be reached' });
    }
  });

  function fromEnvironment(key) {
    const name = /^\$\{(\w+)\}$/.exec(key || '');
    return name ? process.env[name[1]] || '' : key || '';
  }
};
