import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The suite's own server, from a checkout, on loopback. */
export interface SuiteServer {
  /** Where its pages are. */
  readonly origin: string
  close(): Promise<void>
}

/** The suite's own file for those who run it. */
const REPORT = 'resources/testharnessreport.js'

/** Id of the element in which a page of the suite leaves its results, as JSON. */
export const RESULTS = 'valetkey-results'

/** Suites up to 2023 leave them in an element of their own, later ones nowhere. Pages may be XML. */
const LEAVE_RESULTS = `
add_completion_callback(function (tests, { status, message }) {
  const element = document.createElementNS('http://www.w3.org/1999/xhtml', 'script')
  element.id = '${RESULTS}'
  element.type = 'application/json'
  const each = tests.map(({ name, status, message }) => ({ name, status, message }))
  element.textContent = JSON.stringify({ status, message, tests: each })
  document.documentElement.append(element)
})
`

/**
 * Start `wpt serve` of a checkout. Needs a Python that runs it; nothing is installed.
 *
 * @param patience how many times longer than the suite says its tests may take.
 * @param port of its pages; the servers beside it take those after it.
 * @throws Error when it does not answer within three minutes.
 */
export async function serveSuite(
  checkout: string,
  scratch: string,
  { patience, port }: { readonly patience: number; readonly port: number },
): Promise<SuiteServer> {
  const file = join(scratch, 'wpt-config.json')
  await writeFile(file, JSON.stringify(configOf(scratch, port)))
  const report = await readFile(join(checkout, REPORT), 'utf8')
  await mkdir(dirname(join(scratch, REPORT)))
  await writeFile(
    join(scratch, REPORT),
    `${report}\nsetup({ timeout_multiplier: ${patience} })\n${LEAVE_RESULTS}`,
  )
  const server = spawn('python3', ['wpt', 'serve', '--config', file], {
    cwd: checkout,
    stdio: 'ignore',
    detached: true,
  })
  const origin = `http://localhost:${port}`
  try {
    await answered(`http://127.0.0.1:${port}/common/blank.html`, server)
  } catch (error) {
    await end(server)
    throw error
  }
  return { origin, close: () => end(server) }
}

/** Names below `localhost` are loopback in both browsers, so no file of the machine has to be changed. */
function configOf(scratch: string, port: number): object {
  return {
    aliases: [{ 'url-path': `/${REPORT}`, 'local-dir': join(scratch, 'resources') }],
    browser_host: 'localhost',
    server_host: '127.0.0.1',
    bind_address: true,
    check_subdomains: false,
    ports: {
      http: [port, port + 1],
      https: [port + 443, port + 444],
      ws: [port + 2],
      wss: [port + 445],
      h2: [port + 1000],
      'quic-transport': [],
    },
  }
}

async function answered(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 360; attempt++) {
    if (server.exitCode !== null) throw new Error(`wpt serve ended with ${server.exitCode}`)
    const response = await fetch(url).catch(() => null)
    if (response?.ok) return
    await pause(500)
  }
  throw new Error('wpt serve does not answer')
}

/** The server is a family of processes. */
async function end(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null) return
  const gone = once(server, 'exit')
  process.kill(-server.pid, 'SIGTERM')
  await gone
}
