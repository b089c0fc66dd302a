'use strict';

const description = require('./description.json');
const known = require('./calls.json');
const { run } = require('../../run.js');

class Devin {
  constructor() {
    this.description = structuredClone(description);
  }

  async execute() {
    return run(this, { ...known, credentials: description.credentials });
  }
}

module.exports = { Devin };
