import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

const XVFB = '/usr/bin/Xvfb'
const XDOTOOL = '/usr/bin/xdotool'

/** A screen of X11 that nobody sees, with a keyboard. */
export interface PrivateDisplay {
  /** Value of `DISPLAY` for whoever is to show something there. */
  readonly name: string
  /** Press keys, as `alt+shift+p`, in the window of a browser on it; false where there is none yet. */
  press(keys: string): boolean
  /** Press keys one after the other, as `Tab`, in whatever has the keyboard; false where that failed. */
  strike(...keys: string[]): boolean
  close(): Promise<void>
}

/** True where there are the programs for one. Where they are not, it says so: the tests that need them are skipped. */
export function hasPrivateDisplay(): boolean {
  const missing = [XVFB, XDOTOOL].filter((path) => !existsSync(path))
  if (missing.length > 0)
    process.stderr.write(`skipped, keys pressed in a window: this machine has no ${missing.join(', ')}\n`)
  return missing.length === 0
}

/** Start one, of a number that the system chooses. */
export async function startPrivateDisplay(): Promise<PrivateDisplay> {
  const arguments_ = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const server = spawn(XVFB, arguments_, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const said = server.stdio[3]
  if (said === null || said === undefined) throw new Error('the display has no way to say its number')
  const [number] = (await once(said, 'data')) as [Buffer]
  const name = `:${String(number).trim()}`
  const press = (keys: string) => pressAt(name, keys)
  const strike = (...keys: string[]) => xdotool(name, 'key', ...keys).status === 0
  return { name, press, strike, close: () => ended(server) }
}

/** No window manager says which window has the keyboard: the browser's is given it first. */
function pressAt(name: string, keys: string): boolean {
  const find = ['search', '--onlyvisible', '--class', 'chromium|firefox', 'windowfocus', '--sync']
  return xdotool(name, ...find, 'key', '--clearmodifiers', keys).status === 0
}

function xdotool(name: string, ...order: string[]) {
  return spawnSync(XDOTOOL, order, { env: { DISPLAY: name }, timeout: 5000, encoding: 'utf8' })
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exit = once(server, 'exit')
  server.kill()
  await exit
}
