'use strict';

const { equipped } = require('../../routing.js');

class Devin {
  constructor() {
    this.description = equipped(structuredClone(require('./description.json')));
  }
}

module.exports = { Devin };
