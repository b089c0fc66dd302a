// Run Sim's own tools one after the other, as its executor would: `node sim_chain.mjs CHECKOUT URL ORGANISATION`.
// What a tool is given of a session is the id that its create answered. Their outputs are written as JSON.

import { integration } from '../../data/sim_cases/integration.mjs'

const [checkout, url, orgId] = process.argv.slice(2)
const { tools, prepareToolRequest, requireAll } = await integration(checkout)
const byId = Object.fromEntries(Object.values(tools).map((tool) => [tool.id, tool]))

async function run(id, params) {
  const tool = byId[id]
  const given = { apiKey: 'cog_any', orgId, ...params }
  requireAll(id, tool, given)
  const made = prepareToolRequest(tool, given)
  const { pathname, search } = new URL(made.url)
  const answer = await fetch(url + pathname + search, { method: made.method, headers: made.headers, body: made.body })
  if (!answer.ok) throw new Error(`${id}: ${answer.status} ${await answer.text()}`)
  return (await tool.transformResponse(answer, given)).output
}

const created = await run('devin_create_session', { prompt: 'Fix it.', tags: 'a, b', maxAcuLimit: 5 })
const { sessionId } = created
await fetch(`${url}/_simulator/step`, { method: 'POST', body: JSON.stringify({ seconds: 120 }) })
console.log(JSON.stringify({
  created,
  seen: await run('devin_get_session', { sessionId }),
  sent: await run('devin_send_message', { sessionId, message: 'Go on.' }),
  messages: await run('devin_list_session_messages', { sessionId, limit: 50 }),
  listed: await run('devin_list_sessions', { limit: 10 }),
  attachments: await run('devin_list_session_attachments', { sessionId }),
  appended: await run('devin_append_session_tags', { sessionId, tags: 'c' }),
  replaced: await run('devin_replace_session_tags', { sessionId, tags: 'd' }),
  tags: await run('devin_get_session_tags', { sessionId }),
  archived: await run('devin_archive_session', { sessionId }),
  terminated: await run('devin_terminate_session', { sessionId }),
}))
