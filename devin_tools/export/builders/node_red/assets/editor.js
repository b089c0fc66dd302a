// The editor's half: one palette entry per tool, and the account.
(function () {
  const pack = /* PACK */ null;
  const { toValue } = (function (module) { /* VALUES */ return module.exports; })({});
  const COLOURS = { read: '#a8d0e6', write: '#f6d186', billable: '#f0b06a', destroy: '#f2a49b' };
  const OMIT = { value: 'omit', label: 'not sent', hasValue: false };
  const REFERENCES = ['msg', 'flow', 'global', 'env', 'jsonata'];
  const OWN = { integer: 'num', number: 'num', flag: 'bool', json: 'json', texts: 'str', text: 'str' };

  function told(reason, opt) { return opt ? reason : false; } // Node-RED shows a text as why a field is wrong

  function isUrl(needed) {
    return function (value, opt) { return (!value && !needed) || /^https?:\/\/\S+$/.test(value) || told('Not a URL', opt); };
  }

  function isSeconds(value, opt) { return !value || Number(value) > 0 || told('Not a number of seconds', opt); }

  RED.nodes.registerType(pack.account, {
    category: 'config',
    defaults: {
      name: { value: '' }, orgId: { value: '' },
      baseUrl: { value: pack.base_url, required: true, validate: isUrl(true) },
      serverUrl: { value: '', validate: isUrl(false) },
      tls: { type: 'tls-config', required: false }, serverTls: { type: 'tls-config', required: false },
      proxy: { type: 'http proxy', required: false }, tagCreates: { value: true }
    },
    credentials: { key: { type: 'password' }, serverToken: { type: 'password' } },
    label: function () { return this.name || this.orgId || 'Devin account'; },
    oneditprepare: function () {
      const id = this.id, said = $('#devin-account-said');
      if (this.tagCreates === undefined) $('#node-config-input-tagCreates').prop('checked', true); // made before there was a choice
      $('#devin-account-test').on('click', function (event) {
        event.preventDefault();
        said.text('asking ...');
        const body = { id: id, baseUrl: $('#node-config-input-baseUrl').val(), key: $('#node-config-input-key').val() };
        body.tls = $('#node-config-input-tls').val();
        body.proxy = $('#node-config-input-proxy').val();
        $.ajax({ url: 'devin-tools/test', method: 'POST', contentType: 'application/json', data: JSON.stringify(body) })
          .done(function (answer) { said.text(answer.ok ? 'OK' + (answer.org ? ', ' + answer.org : '') : 'Refused: ' + answer.reason); })
          .fail(function (request) {
            const isForbidden = request.status === 401 || request.status === 403;
            said.text('Not tested: ' + (isForbidden ? 'you may not change flows here.' : 'Node-RED did not answer.'));
          });
      });
    }
  });

  function choiceOf(field) {
    const options = (field.options || []).map(function (option) { return { value: String(option), label: String(option) }; });
    return { value: 'choice', label: 'choice', options: options, multiple: field.kind === 'choices' };
  }

  function kindsOf(field) {
    const kinds = field.options ? [choiceOf(field)] : [];
    if (OWN[field.kind]) kinds.push(OWN[field.kind]);
    if (field.time) kinds.push('str'); // a date
    if (field.kind === 'texts' || field.kind === 'choices') kinds.push('json'); // an empty list can be said in no other way
    return (field.required ? [] : [OMIT]).concat(field.secret ? [] : kinds, REFERENCES); // secrets do not belong in a flow file
  }

  // A `validate` key that is there but undefined marks every value wrong, so each field has a function.
  function check(field) {
    return function (value, opt) {
      const type = this['f_' + field.name + 'Type'] || (field.required ? '' : 'omit');
      if (type === 'omit') return true;
      if (REFERENCES.indexOf(type) >= 0) return value ? true : told(field.name + ' names nothing', opt);
      try {
        toValue(field, type === 'json' ? JSON.parse(value) : value === undefined || value === null ? '' : value);
        return true;
      } catch (error) {
        return told(field.name + ' ' + (error instanceof SyntaxError ? 'is not JSON' : error.message), opt);
      }
    };
  }

  pack.tools.forEach(function (tool) {
    const defaults = {
      name: { value: '' }, account: { type: pack.account, required: true, value: '' }, timeout: { value: '', validate: isSeconds }
    };
    if (tool.paging) defaults.allPages = { value: false };
    if (tool.confirms) defaults.confirm = { value: false };
    tool.fields.forEach(function (field) {
      const first = kindsOf(field)[0];
      defaults['f_' + field.name] = { value: first.value === 'choice' ? String(field.options[0]) : '', validate: check(field) };
      defaults['f_' + field.name + 'Type'] = { value: first.value || first };
    });
    RED.nodes.registerType(tool.type, {
      category: pack.category, icon: 'devin.svg', defaults: defaults, inputs: 1, outputs: 1,
      color: COLOURS[tool.effect !== 'destroy' && tool.billable ? 'billable' : tool.effect],
      paletteLabel: tool.title,
      label: function () { return this.name || tool.title; },
      labelStyle: function () { return this.name ? 'node_label_italic' : ''; },
      oneditprepare: function () {
        tool.fields.forEach(function (field) {
          const kinds = kindsOf(field), first = kinds[0].value || kinds[0];
          $('#node-input-f_' + field.name).typedInput({ default: first, types: kinds, typeField: '#node-input-f_' + field.name + 'Type' });
        });
      }
    });
  });
})();
