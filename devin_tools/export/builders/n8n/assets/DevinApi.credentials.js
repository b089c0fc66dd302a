'use strict';

const { baseUrl } = require('./defaults.json');

class DevinApi {
  constructor() {
    this.name = 'devinApi';
    this.displayName = 'Devin API';
    this.documentationUrl = 'https://docs.devin.ai/api-reference/overview';
    this.properties = [
      { displayName: 'API Key', name: 'apiKey', type: 'string', typeOptions: { password: true }, default: '', required: true, description: 'A service user key or personal access token (cog_...)' },
      { displayName: 'Organization ID', name: 'orgId', type: 'string', default: '', required: true, placeholder: 'org-...' },
      { displayName: 'Base URL', name: 'baseUrl', type: 'string', default: baseUrl, required: true },
    ];
    this.authenticate = { type: 'generic', properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } } };
    this.test = { request: { baseURL: '={{$credentials.baseUrl}}', url: '/v3/self' } };
  }
}

module.exports = { DevinApi };
