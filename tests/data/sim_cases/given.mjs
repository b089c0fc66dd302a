// What the learner gives Sim's integration: parameters, values of its block, and answers of the API.
// `differs` names the row of the table in docs/sim.md by which this package does something else.

const account = { apiKey: 'cog_example', orgId: 'org-example' }
const id = 'devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c'
const bare = id.slice('devin-'.length)

const onSession = [
  'devin_get_session',
  'devin_list_session_attachments',
  'devin_get_session_tags',
  'devin_archive_session',
]
const lists = { devin_list_sessions: {}, devin_list_session_messages: { sessionId: id } }
const writers = ['devin_append_session_tags', 'devin_replace_session_tags']

const one = (tool, name, params, differs) => ({
  name: `${tool}: ${name}`, tool, params: { ...account, ...params }, ...(differs && { differs }),
})

const forSessions = [...onSession, 'devin_terminate_session'].flatMap((tool) => [
  one(tool, 'plain', { sessionId: id }),
  one(tool, 'spaces around ids', { sessionId: `  ${id}\n`, orgId: ' org-example ' }),
  one(tool, 'space after the key', { sessionId: id, apiKey: 'cog_example ' }),
  one(tool, 'bare id', { sessionId: bare }, 'session-prefix'),
  one(tool, 'session URL', { sessionId: `https://app.devin.ai/sessions/${bare}` }, 'session-prefix'),
  one(tool, 'no session', {}),
  one(tool, 'null session', { sessionId: null }),
  one(tool, 'empty session', { sessionId: '' }),
  one(tool, 'blank session', { sessionId: '  ' }, 'hostile-id'),
  one(tool, 'path in the session', { sessionId: '../../self' }, 'hostile-id'),
  one(tool, 'query in the session', { sessionId: `${id}?x=1` }, 'hostile-id'),
  one(tool, 'path in the organisation', { sessionId: id, orgId: 'org-example/../org-other' }, 'hostile-id'),
  one(tool, 'session is a number', { sessionId: 7 }),
  one(tool, 'what the executor adds', { sessionId: id, _context: { workflowId: 'w' }, envVars: {} }),
  one(tool, 'a parameter nobody knows', { sessionId: id, sesionId: 'x' }, 'unknown-parameter'),
])

const forLists = Object.entries(lists).flatMap(([tool, rest]) => [
  one(tool, 'plain', rest),
  one(tool, 'limit', { ...rest, limit: 5 }),
  one(tool, 'limit as text', { ...rest, limit: '50' }),
  one(tool, 'limit 200', { ...rest, limit: 200 }),
  one(tool, 'limit 0', { ...rest, limit: 0 }),
  one(tool, 'empty limit', { ...rest, limit: '' }),
  one(tool, 'null limit', { ...rest, limit: null }),
  one(tool, 'limit 201', { ...rest, limit: 201 }, 'bounds'),
  one(tool, 'limit -1', { ...rest, limit: -1 }, 'bounds'),
  one(tool, 'limit 1.5', { ...rest, limit: 1.5 }, 'bounds'),
  one(tool, 'limit in words', { ...rest, limit: 'ten' }, 'bounds'),
  one(tool, 'cursor', { ...rest, after: 'b2Zmc2V0OjEw' }),
  one(tool, 'cursor with odd signs', { ...rest, after: 'a+b/c=&d e%é' }),
  one(tool, 'cursor with spaces around it', { ...rest, after: '  b2Zmc2V0OjEw \t' }),
  one(tool, 'blank cursor', { ...rest, after: '   ' }),
  one(tool, 'empty cursor', { ...rest, after: '' }),
  one(tool, 'null cursor', { ...rest, after: null }),
  one(tool, 'limit and cursor', { ...rest, limit: 10, after: 'c' }),
])

const archive = [
  [true], ['true'], [false], [null], [''],
  ['false', 'flag-text'], [0], [1], ['maybe', 'flag-text'],
].map(([archive, differs]) =>
  one('devin_terminate_session', `archive ${JSON.stringify(archive)}`, { sessionId: id, archive }, differs))

const tagForms = [
  ['one', 'bug'],
  ['several', 'bug, urgent,team:payments'],
  ['empty parts', ' bug,, ,urgent , '],
  ['list', ['bug', 'urgent']],
  ['list with spaces', [' bug ', 'urgent\n']],
  ['list with blanks', ['bug', '', '  ']],
  ['list with commas', ['a,b', 'c']],
  ['list of numbers', ['bug', 7, 1.5]],
  ['the same twice', 'bug,bug'],
  ['other scripts', 'größe, 緊急'],
  ['line ends', 'bug\nurgent'],
  ['odd blanks', '\ufeffbug\u00a0,\u2003urgent'],
  ['fifty', Array.from({ length: 50 }, (_, at) => `t${at}`)],
  ['fifty-one', Array.from({ length: 51 }, (_, at) => `t${at}`), 'bounds'],
  ['list with null', ['bug', null], 'tag-not-text'],
  ['list with an object', ['bug', {}], 'tag-not-text'],
]
const forTags = writers.flatMap((tool) => [
  ...tagForms.map(([name, tags, differs]) => one(tool, name, { sessionId: id, tags }, differs)),
  one(tool, 'empty list', { sessionId: id, tags: [] }),
  one(tool, 'only commas', { sessionId: id, tags: ' , ,' }, 'blank-tags'),
  one(tool, 'blank', { sessionId: id, tags: '  ' }, 'blank-tags'),
  one(tool, 'list of blanks', { sessionId: id, tags: ['', ' '] }, 'blank-tags'),
  one(tool, 'an object', { sessionId: id, tags: {} }, 'blank-tags'),
  one(tool, 'empty text', { sessionId: id, tags: '' }),
  one(tool, 'null', { sessionId: id, tags: null }),
  one(tool, 'none', { sessionId: id }),
  one(tool, 'bare id', { sessionId: bare, tags: 'bug' }, 'session-prefix'),
])

const create = (name, params, differs) => one('devin_create_session', name, { prompt: 'Fix it.', ...params }, differs)
const forCreate = [
  create('plain', {}),
  create('all', { playbookId: 'playbook-1', maxAcuLimit: 5, tags: 'bug, urgent' }),
  create('long prompt', { prompt: '  Fix it.\n\n"Now", \u0000 <b>é</b> 🙂 '.repeat(20) }),
  create('empty optional fields', { playbookId: '', tags: '' }),
  create('null optional fields', { playbookId: null, maxAcuLimit: null, tags: null }),
  create('playbook with spaces', { playbookId: ' playbook-1 ' }, 'playbook-spaces'),
  create('limit 1', { maxAcuLimit: 1 }),
  create('limit 10.0', { maxAcuLimit: 10.0 }),
  create('limit as text', { maxAcuLimit: '5' }, 'number-text'),
  create('empty limit', { maxAcuLimit: '' }, 'number-text'),
  create('limit in words', { maxAcuLimit: 'five' }, 'number-text'),
  create('limit 0', { maxAcuLimit: 0 }, 'bounds'),
  create('limit 1.5', { maxAcuLimit: 1.5 }, 'bounds'),
  create('limit -1', { maxAcuLimit: -1 }, 'bounds'),
  ...tagForms.map(([name, tags, differs]) => create(`tags: ${name}`, { tags }, differs)),
  create('tags: empty list', { tags: [] }),
  create('tags: only commas', { tags: ' , ,' }, 'blank-tags'),
  create('tags: list of blanks', { tags: [' '] }, 'blank-tags'),
  create('empty prompt', { prompt: '' }),
  create('null prompt', { prompt: null }),
  create('what the executor adds', { _context: { workflowId: 'w' }, workflowId: 'w', blockData: {} }),
  create('a field that Sim has not', { title: 'A title' }, 'more-parameters'),
  create('a parameter nobody knows', { maxAcuLimt: 5 }, 'unknown-parameter'),
]

const send = (name, params, differs) => one('devin_send_message', name, { sessionId: id, message: 'Go on.', ...params }, differs)
const forMessages = [
  send('plain', {}),
  send('spaces stay', { message: '  Go on.\n' }),
  send('other scripts', { message: 'Größe, 緊急 🙂' }),
  send('bare id', { sessionId: bare }, 'session-prefix'),
  send('empty', { message: '' }),
  send('none', { message: undefined }),
]

export const calls = [...forCreate, ...forSessions, ...forLists, ...archive, ...forTags, ...forMessages]

const block = (name, operation, values, differs) => ({
  name: `block, ${operation}: ${name}`, params: { operation, ...account, ...values }, ...(differs && { differs }),
})
export const blocks = [
  block('plain', 'create_session', { prompt: 'Fix it.', terminateArchive: 'false' }),
  block('all', 'create_session', { prompt: 'Fix it.', playbookId: 'p-1', maxAcuLimit: '5', tags: 'a,b' }),
  block('limit with spaces', 'create_session', { prompt: 'Fix it.', maxAcuLimit: ' 5 ' }),
  block('empty limit', 'create_session', { prompt: 'Fix it.', maxAcuLimit: '' }, 'number-text'),
  block('limit in words', 'create_session', { prompt: 'Fix it.', maxAcuLimit: 'five' }, 'number-text'),
  block('values of other operations', 'list_sessions', {
    limit: '5', prompt: 'Fix it.', tags: 'a', playbookId: 'p-1', sessionId: bare, terminateArchive: 'true',
  }),
  block('values of other operations', 'terminate_session', { sessionId: id, tags: 'a', limit: '5', message: 'x' }),
  block('plain', 'list_sessions', { limit: '20', after: '' }),
  block('empty limit', 'list_sessions', { limit: '', after: '' }),
  block('limit in words', 'list_sessions', { limit: 'ten' }, 'bounds'),
  block('plain', 'list_session_messages', { sessionId: id, limit: '20', after: 'c' }),
  block('plain', 'get_session', { sessionId: id }),
  block('plain', 'send_message', { sessionId: id, message: 'Go on.' }),
  block('plain', 'list_session_attachments', { sessionId: id }),
  block('plain', 'get_session_tags', { sessionId: id }),
  block('plain', 'append_session_tags', { sessionId: id, tags: 'a, b' }),
  block('wired', 'replace_session_tags', { sessionId: id, tags: ['a', 'b'] }),
  block('plain', 'archive_session', { sessionId: id }),
  block('no', 'terminate_session', { sessionId: id, terminateArchive: 'false' }),
  block('yes', 'terminate_session', { sessionId: id, terminateArchive: 'true' }),
  block('wired true', 'terminate_session', { sessionId: id, terminateArchive: true }),
  block('wired false', 'terminate_session', { sessionId: id, terminateArchive: false }),
  block('empty', 'terminate_session', { sessionId: id, terminateArchive: '' }),
  block('none', 'terminate_session', { sessionId: id }),
  block('a word', 'terminate_session', { sessionId: id, terminateArchive: 'yes please' }, 'flag-text'),
]

const session = {
  session_id: bare, url: `https://app.devin.ai/sessions/${bare}`, status: 'running', status_detail: 'working',
  title: 'Fix the cart', org_id: 'org-example', created_at: 1764115200, updated_at: 1764115260,
  acus_consumed: 1.25, tags: ['bug', 'devin-tools-key:1'],
  pull_requests: [{ pr_url: 'https://github.com/acme/shop/pull/1', pr_state: 'open' }],
  structured_output: { fixed: true, some_key: { inner_key: [1, null] } }, playbook_id: 'playbook-1',
  is_archived: false, user_id: 'u-1', child_session_ids: ['a'], parent_session_id: null, origin: 'api',
}
const { status_detail, title, structured_output, playbook_id, ...least } = session
const sessions = {
  'full': session,
  'least': { session_id: bare, url: session.url, status: 'new', tags: [], pull_requests: [], created_at: 1, updated_at: 2, acus_consumed: 0 },
  'nothing but the id': { session_id: bare },
  'without optional fields': least,
  'nulls': { ...session, status_detail: null, title: null, structured_output: null, playbook_id: null, acus_consumed: null, created_at: null, updated_at: null, url: null, status: null },
  'archived': { ...session, is_archived: true, status: 'suspended', status_detail: 'inactivity' },
  'empty texts and zeros': { ...session, title: '', playbook_id: '', status_detail: '', acus_consumed: 0, created_at: 0 },
  'a pull request without state': { ...session, pull_requests: [{ pr_url: 'https://x.example/1' }] },
  'a pull request with more': { ...session, pull_requests: [{ pr_url: 'https://x.example/1', pr_state: null, merged_by: 'x' }] },
  'unknown values and fields': { ...session, status: 'hibernating', status_detail: 'dreaming', new_field: { a: 1 } },
  'a whole number of ACUs': { ...session, acus_consumed: 3 },
  'null lists and flags': { ...session, tags: null, pull_requests: null, is_archived: null },
  'no id': { status: 'running' },
  'an empty object': {},
}
const answers = {
  devin_create_session: sessions, devin_get_session: sessions, devin_send_message: sessions,
  devin_archive_session: sessions, devin_terminate_session: sessions,
  devin_list_sessions: {
    'one page': { items: Object.values(sessions).slice(0, 11), end_cursor: null, has_next_page: false, total: 11 },
    'a page in the middle': { items: [session], end_cursor: 'c2', has_next_page: true },
    'nothing': { items: [], end_cursor: null, has_next_page: false, total: 0 },
    'nothing said of pages': { items: [session] },
    'null page fields': { items: [], end_cursor: null, has_next_page: null, total: null },
    'no items': {},
    'null items': { items: null },
  },
  devin_list_session_messages: {
    'one page': { items: [
      { event_id: 'e1', source: 'user', message: 'Go.', created_at: 1764115200, username: 'ada' },
      { event_id: 'e2', source: 'devin', message: '', created_at: null },
      { event_id: 'e3', source: 'robot', message: 'x' },
    ], end_cursor: null, has_next_page: false, total: 3 },
    'a page in the middle': { items: [], end_cursor: 'c2', has_next_page: true, total: null },
    'no source': { items: [{ event_id: 'e1', message: 'x' }] },
    'no items': {},
  },
  devin_list_session_attachments: {
    'a bare list': [
      { attachment_id: 'a1', name: 'log.txt', url: 'https://api.devin.ai/a1', source: 'devin', content_type: 'text/plain' },
      { attachment_id: 'a2', name: 'x', url: 'u', source: 'user', content_type: null },
      { attachment_id: 'a3', name: 'x', url: 'u' },
    ],
    'an empty list': [],
    'a page': { items: [{ attachment_id: 'a1', name: 'n', url: 'u', source: 'user', size: 3 }], has_next_page: false },
    'no items': {},
  },
  devin_get_session_tags: { 'some': { tags: ['a', 'b'] }, 'none': { tags: [] }, 'more': { tags: ['a'], x: 1 }, 'null': { tags: null }, 'empty': {} },
}
answers.devin_append_session_tags = answers.devin_get_session_tags
answers.devin_replace_session_tags = answers.devin_get_session_tags

export const responses = Object.entries(answers).flatMap(([tool, each]) =>
  Object.entries(each).map(([name, body]) => ({ name: `${tool}: ${name}`, tool, body })))
