'use strict';

const { equipped } = require('../../routing.js');

class DevinToolsServer {
  constructor() {
    this.description = equipped(structuredClone(require('./description.json')));
  }
}

module.exports = { DevinToolsServer };
