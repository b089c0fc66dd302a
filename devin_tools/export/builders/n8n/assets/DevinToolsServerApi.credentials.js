'use strict';

const { serverUrl } = require('./defaults.json');

class DevinToolsServerApi {
  constructor() {
    this.name = 'devinToolsServerApi';
    this.displayName = 'Devin Tools Server API';
    this.documentationUrl = 'https://docs.devin.ai/api-reference/overview';
    this.properties = [
      { displayName: 'Server URL', name: 'serverUrl', type: 'string', default: serverUrl, required: true, description: 'Where devin-tools serve listens' },
      { displayName: 'Token', name: 'token', type: 'string', typeOptions: { password: true }, default: '', required: true, description: 'The token of that server, not a Devin API key' },
    ];
    this.authenticate = { type: 'generic', properties: { headers: { Authorization: '=Bearer {{$credentials.token}}' } } };
    this.test = { request: { method: 'POST', baseURL: '={{$credentials.serverUrl}}', url: '/tools/devin_get_self', body: {} } };
  }
}

module.exports = { DevinToolsServerApi };
