// The editor's half: one palette entry per tool, and the account.
(function () {
  const pack = /* PACK */ null;
  const COLOURS = { read: '#a8d0e6', write: '#f6d186', destroy: '#f2a49b' };
  const OMIT = { value: 'omit', label: 'not sent', hasValue: false };
  const REFERENCES = ['msg', 'flow', 'global', 'env', 'jsonata'];

  RED.nodes.registerType(pack.account, {
    category: 'config',
    defaults: { name: { value: '' }, baseUrl: { value: pack.base_url, required: true }, orgId: { value: '' }, serverUrl: { value: '' } },
    credentials: { key: { type: 'password' }, serverToken: { type: 'password' } },
    label: function () { return this.name || this.orgId || 'Devin account'; },
    oneditprepare: function () {
      const id = this.id, said = $('#devin-account-said');
      $('#devin-account-test').on('click', function (event) {
        event.preventDefault();
        said.text('asking ...');
        const body = { id: id, baseUrl: $('#node-config-input-baseUrl').val(), key: $('#node-config-input-key').val() };
        $.ajax({ url: 'devin-tools/test', method: 'POST', contentType: 'application/json', data: JSON.stringify(body) })
          .done(function (answer) { said.text(answer.ok ? 'OK' + (answer.org ? ', ' + answer.org : '') : 'Refused: ' + answer.reason); })
          .fail(function () { said.text('You may not change flows here, so the account was not tested.'); });
      });
    }
  });

  function kindsOf(field) {
    const own = { integer: 'num', number: 'num', flag: 'bool', json: 'json', texts: 'str', choices: 'json', text: 'str' };
    const choice = { value: 'choice', label: 'choice', options: (field.options || []).map(function (o) { return { value: o, label: String(o) }; }) };
    const kinds = field.kind === 'choice' ? [choice] : [own[field.kind]];
    if (field.kind === 'texts') kinds.push('json');
    return (field.required ? [] : [OMIT]).concat(field.secret ? [] : kinds, REFERENCES); // a flow file is no place for a secret
  }

  // A `validate` key that is there but undefined marks every value wrong, so each field has a function.
  function check(field) {
    return function (value) {
      const type = this['f_' + field.name + 'Type'] || (field.required ? '' : 'omit');
      if (type === 'omit') return true;
      if (value === '' || value === undefined || value === null) return !field.required && type === 'str';
      if (type === 'choice') return field.options.indexOf(value) >= 0;
      if (type === 'num') {
        const number = Number(value);
        if (isNaN(number) || (field.kind === 'integer' && number % 1 !== 0)) return false;
        return !(number < field.minimum) && !(number > field.maximum);
      }
      if (type === 'json') { try { JSON.parse(value); return true; } catch (error) { return false; } }
      if (type === 'str' && field.kind === 'text' && field.pattern) return new RegExp(field.pattern, 'u').test(value);
      return true;
    };
  }

  pack.tools.forEach(function (tool) {
    const defaults = { name: { value: '' }, account: { type: pack.account, required: true, value: '' }, timeout: { value: '' } };
    if (tool.paging) defaults.allPages = { value: false };
    if (tool.confirms) defaults.confirm = { value: false };
    tool.fields.forEach(function (field) {
      const kinds = kindsOf(field), first = kinds[0];
      defaults['f_' + field.name] = { value: first.value === 'choice' ? field.options[0] : '', validate: check(field) };
      defaults['f_' + field.name + 'Type'] = { value: first.value || first };
    });
    RED.nodes.registerType(tool.type, {
      category: pack.category, color: COLOURS[tool.effect], icon: 'devin.svg', defaults: defaults, inputs: 1, outputs: 1,
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
