import { parseArgs } from 'node:util'
import { HostProcess } from './install/host-process.ts'
import { Door } from './owner/door.ts'
import { Attendant } from './references/attended.ts'
import { fetchNothingHere } from './references/fetcher.ts'
import { keepHeapSmall } from './small-heap.ts'
import { Commands } from './transport/commands.ts'
import { Connection } from './transport/connection.ts'
import { BrokenWire, FrameReader } from './transport/frame-reader.ts'
import { Outlet } from './transport/outlet.ts'
import { SpareFrames } from './transport/spare-frames.ts'
import { vaultHome } from './vault-home.ts'

/** How often the host looks whether the browser that started it is still its parent, ms. */
const PARENT_MS = 5000
/** How long a host that must end waits at most for the browser to read its last frames, ms. */
const LAST_FRAMES_MS = 1000

// SECURITY: without a listener this signal opens the inspector to every program of this user.
process.on('SIGUSR1', () => {})
// SECURITY: the message and the stack of an unforeseen error may quote what the process was working on, and a browser
// keeps a host's stderr in its log. The process ends without a word; rejections come here too.
process.on('uncaughtException', () => process.exit(1))

main()

/** The process the browser starts: frames on stdin, frames on stdout, gone when the browser or the owner says so. */
function main(): void {
  const { values, positionals } = parseArgs({
    options: {
      home: { type: 'string' },
      launcher: { type: 'string' },
      'config-home': { type: 'string' },
      parent: { type: 'string' },
      attended: { type: 'boolean' },
    },
    allowPositionals: true,
    strict: false,
  })
  const outlet = new Outlet(process.stdout, new SpareFrames())
  const events = {
    change: () => connection.changed(),
    activity: () => connection.activity(),
    lock: () => stop(),
  }
  const home = vaultHome(typeof values.home === 'string' ? values.home : undefined)
  // With the attendant goes whoever is beside the browser: its host is not to be left behind.
  const fetch = values.attended === true ? Attendant.ofThisProcess(() => stop()).fetch : fetchNothingHere
  const launcher = typeof values.launcher === 'string' ? values.launcher : null
  const configHome = typeof values['config-home'] === 'string' ? values['config-home'] : null
  const own = new HostProcess(home, { launcher, configHome, said: positionals })
  const door: Door = new Door(home, events, Date.now, {}, fetch, own)
  // SECURITY: a browser that does not read must not keep a process alive that was told to lock.
  const end = () => {
    void outlet.flushed().then(stop)
    setTimeout(stop, LAST_FRAMES_MS)
  }
  const commands = new Commands(outlet, door, end)
  const connection = new Connection(outlet, door, (frame) => void commands.run(frame))
  const stop = () => {
    try {
      connection.close()
      door.close()
    } finally {
      // SECURITY: locked is gone: the process that held the keys ends, whatever is still open or fails in it.
      process.exit(0)
    }
  }
  listen(connection, stop)
  keepHeapSmall()
  endWithParent(typeof values.parent === 'string' ? Number(values.parent) : process.ppid, stop)
}

function listen(connection: Connection, stop: () => void): void {
  const reader = new FrameReader()
  process.stdin.on('data', (bytes: Buffer) => {
    try {
      for (const frame of reader.push(bytes)) {
        connection.receive(frame).catch((fault: unknown) => {
          if (fault instanceof BrokenWire) stop()
        })
      }
    } catch {
      stop()
    }
  })
  for (const event of ['end', 'close', 'error']) process.stdin.on(event, stop)
  // SECURITY: with nobody to answer (EPIPE) there is nobody to work for, and no reason to hold keys.
  for (const event of ['close', 'error']) process.stdout.on(event, stop)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
}

// A browser that is killed leaves its pipes to others at times; an orphan with keys in it must not live on. Which process it
// was is the launcher's to say: a browser killed before this line runs has left us to another parent already.
function endWithParent(parent: number, stop: () => void): void {
  setInterval(() => {
    if (process.ppid !== parent) stop()
  }, PARENT_MS).unref()
}
