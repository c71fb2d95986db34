// Opens files as an editor does, and prints what the language server underlines in each and what it
// shows for the key on the last line of each: `node editor.js FILE…`.
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const rpc = require('vscode-jsonrpc/node')
const bin = require.resolve('yaml-language-server/bin/yaml-language-server')

const server = spawn(process.execPath, [bin, '--stdio'])
const connection = rpc.createMessageConnection(
  new rpc.StreamMessageReader(server.stdout),
  new rpc.StreamMessageWriter(server.stdin),
)
const published = new Map()
connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
  published.get(uri)?.(diagnostics)
})
connection.onRequest('workspace/configuration', ({ items }) =>
  items.map(({ section }) =>
    section === 'yaml' ? { validate: true, hover: true, schemaStore: { enable: false } } : null))
connection.onRequest('client/registerCapability', () => null)
connection.listen()

await connection.sendRequest('initialize', {
  processId: process.pid,
  rootUri: null,
  capabilities: {
    textDocument: { publishDiagnostics: {}, hover: { contentFormat: ['plaintext'] } },
    workspace: { configuration: true },
  },
})
await connection.sendNotification('initialized', {})

const seen = {}
for (const path of process.argv.slice(2)) {
  const uri = pathToFileURL(path).href
  const text = await readFile(path, 'utf8')
  const diagnostics = new Promise((resolve) => published.set(uri, resolve))
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  })
  const lines = text.trimEnd().split('\n')
  const position = { line: lines.length - 1, character: lines.at(-1).search(/[^\s-]/) }
  const problems = (await diagnostics).map(({ range, message }) => `${range.start.line + 1}: ${message}`)
  const hover = await connection.sendRequest('textDocument/hover', { textDocument: { uri }, position })
  seen[path] = { problems, hover: hover?.contents?.value ?? null }
}
console.log(JSON.stringify(seen))
server.kill()
process.exit(0)
