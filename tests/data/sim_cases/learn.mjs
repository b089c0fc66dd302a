// Learn what Sim's Devin integration does, by running it: `node learn.mjs PATH_OF_A_SIM_CHECKOUT COMMIT`.
// Needs esbuild where node finds it. Nothing of Sim's code is kept: only what went in and what came out.

import { writeFileSync } from 'node:fs'
import { integration } from './integration.mjs'
import { blocks, calls, responses } from './given.mjs'

const [checkout, commit] = process.argv.slice(2)
const { tools, block, prepareToolRequest, requireAll } = await integration(checkout)
const byId = Object.fromEntries(Object.values(tools).map((tool) => [tool.id, tool]))

function requestOf(tool, params) {
  try {
    requireAll(tool.id, tool, params)
    const { url, method, headers, body } = prepareToolRequest(tool, structuredClone(params))
    const { pathname, searchParams, origin } = new URL(url)
    return { request: {
      method, origin, path: pathname, query: [...searchParams], headers: Object.fromEntries(headers),
      body: body === undefined ? null : JSON.parse(body),
    } }
  } catch (error) {
    return { error: error.message }
  }
}

async function outputOf(tool, body) {
  try {
    return { output: (await tool.transformResponse(new Response(JSON.stringify(body)))).output }
  } catch (error) {
    return { error: error.message }
  }
}

function ofBlock(given) {
  const id = block.tools.config.tool(given.params)
  return { ...given, tool: id, ...requestOf(byId[id], block.tools.config.params(structuredClone(given.params))) }
}

const described = ({ id, name, version, params, outputs }) => ({ id, name, version, params, outputs })
const plain = (value) => JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'function' ? item({}) : item)))
const { type, subBlocks, inputs, outputs, authMode, category, tools: { access } } = block

const learned = {
  from: { repository: 'https://github.com/simstudioai/sim', commit },
  tools: Object.values(tools).map(described),
  block: plain({ type, authMode, category, access, inputs, outputs, subBlocks: subBlocks.map(({ wandConfig, ...rest }) => rest) }),
  calls: [...calls.map((given) => ({ ...given, ...requestOf(byId[given.tool], given.params) })), ...blocks.map(ofBlock)],
  responses: await Promise.all(responses.map(async (given) => ({ ...given, ...(await outputOf(byId[given.tool], given.body)) }))),
}
const lines = (list) => `[\n${list.map((item) => JSON.stringify(item)).join(',\n')}\n]`
const text = Object.entries(learned).map(([name, value]) =>
  `${JSON.stringify(name)}: ${Array.isArray(value) ? lines(value) : JSON.stringify(value)}`)
writeFileSync(new URL('learned.json', import.meta.url), `{\n${text.join(',\n')}\n}\n`)
