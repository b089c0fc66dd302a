// Sim's Devin integration of a checkout, without what it does not use. Needs esbuild where node finds it.

import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// What the integration itself does not need is not loaded; whoever calls it after all fails.
const absent = `
const nothing = (path) => new Proxy(function () {}, {
  get: (_, name) => nothing(path + '.' + String(name)),
  apply: () => { if (path === 'createLogger') return nothing('logger'); throw new Error('not loaded: ' + path) },
})
module.exports = Object.create(new Proxy({}, { get: (_, name) => nothing(String(name)) }))
`
const entry = (app) => `
export * as tools from '${app}/tools/devin/index.ts'
export { DevinBlock as block } from '${app}/blocks/blocks/devin.ts'
export { prepareToolRequest } from '${app}/tools/request-transport.ts'
export { validateRequiredParametersAfterMerge as requireAll } from '${app}/tools/utils.ts'
`

export async function integration(checkout) {
  const { build } = await import(pathToFileURL(createRequire(join(process.cwd(), 'x.js')).resolve('esbuild')))
  const app = join(resolve(checkout), 'apps', 'sim')
  const only = {
    name: 'only-the-integration',
    setup(to) {
      to.onResolve({ filter: /^@\/blocks\/types$/ }, () => ({ path: join(app, 'blocks', 'types.ts') }))
      to.onResolve({ filter: /^@(\/|sim\/)/ }, ({ path }) => ({ path, namespace: 'absent' }))
      to.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: absent, loader: 'js' }))
    },
  }
  const folder = mkdtempSync(join(tmpdir(), 'sim-'))
  const bundle = join(folder, 'integration.mjs')
  try {
    await build({
      stdin: { contents: entry(app), resolveDir: app, loader: 'ts' },
      bundle: true, outfile: bundle, format: 'esm', platform: 'node', plugins: [only], logLevel: 'error',
    })
    return await import(pathToFileURL(bundle))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
