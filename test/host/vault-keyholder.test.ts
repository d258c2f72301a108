import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeys } from '../../native-host/vault/envelope.ts'
import { fetchKeys, type Offer, offerKeys } from '../../native-host/vault/keyholder.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM = fileURLToPath(new URL('./vault-holding.ts', import.meta.url))

let root: string
let home: string
const offers: Offer[] = []
const children: ChildProcess[] = []
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'valetkey-test-')))
  home = join(root, 'home')
  mkdirSync(home, { mode: 0o700 })
})
afterEach(() => {
  for (const offer of offers.splice(0)) offer.close()
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

const dataKey = randomBytes(32)
const hex = dataKey.toString('hex')

async function offer(stillOffered?: () => boolean): Promise<Offer | null> {
  const made = await offerKeys(home, createKeys(dataKey), stillOffered)
  if (made !== null) offers.push(made)
  return made
}

async function fetched(): Promise<string | null> {
  const keys = await fetchKeys(home)
  return keys === null ? null : Buffer.from(keys.exportKey()).toString('hex')
}

const socketName = (): string => readdirSync(home).find((name) => name.endsWith('.sock')) ?? 'none'

test('an offer gives the key to who asks, and nothing is left of it when it is closed', async () => {
  expect(await fetched()).toBeNull()
  const made = await offer()
  expect(await Promise.all([fetched(), fetched(), fetched()])).toEqual([hex, hex, hex])
  expect(statSync(join(home, 'holder.token')).mode & 0o777).toBe(0o600)
  expect(statSync(join(home, socketName())).mode & 0o777).toBe(0o600)
  made?.close()
  made?.close()
  expect(await fetched()).toBeNull()
  expect(readdirSync(home)).toEqual([])
})

test('a second offer is refused while the first one lives, and takes over when it is closed', async () => {
  const first = await offer()
  expect(await offer()).toBeNull()
  expect(await fetched()).toBe(hex)
  first?.close()
  expect(await offer()).not.toBeNull()
  expect(await fetched()).toBe(hex)
})

test('each offer has a new token', async () => {
  const token = (): string => readFileSync(join(home, 'holder.token'), 'hex')
  const first = await offer()
  const before = token()
  first?.close()
  await offer()
  expect(token()).not.toBe(before)
})

test('of offers made at once in one process exactly one is found, and it works', async () => {
  const made = await Promise.all([offer(), offer(), offer(), offer()])
  expect(made.filter((one) => one !== null)).toHaveLength(1)
  expect(await fetched()).toBe(hex)
  expect(readdirSync(home)).toHaveLength(2)
})

test('an offer whose condition fails gives nothing', async () => {
  let open = true
  await offer(() => open)
  expect(await fetched()).toBe(hex)
  open = false
  expect(await fetched()).toBeNull()
})

test('with a wrong token there is no key: the holder does not prove itself, nor is the asker believed', async () => {
  await offer()
  const socket = join(home, socketName())
  writeFileSync(join(home, 'holder.token'), randomBytes(32), { mode: 0o600 })
  expect(await fetched()).toBeNull()
  const forged = Buffer.concat([Buffer.from('vkhold1\n'), randomBytes(32)])
  const answer = await talk(socket, [forged, randomBytes(32)])
  expect(answer).toHaveLength(64)
  expect(answer.includes(dataKey)).toBe(false)
})

/** Send messages one by one, each when something came back or nothing more will; all that came back. */
function talk(path: string, messages: Uint8Array[]): Promise<Buffer> {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0)
    const rest = [...messages]
    const next = (): void => {
      const message = rest.shift()
      if (message !== undefined) socket.write(message)
    }
    const socket = connect(path, next)
    socket.on('data', (bytes: Buffer) => {
      answer = Buffer.concat([answer, bytes])
      next()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

test('junk, too much, too little and silence are dropped, and the next one is served', async () => {
  await offer()
  const path = join(home, socketName())
  const greeting = Buffer.from('vkhold1\n')
  const junk = [
    randomBytes(40),
    randomBytes(1_000_000),
    Buffer.concat([greeting, randomBytes(33)]),
    Buffer.concat([greeting, randomBytes(64)]),
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(1),
    Buffer.alloc(0),
  ]
  const answers = await Promise.all(junk.map((bytes) => talk(path, [bytes])))
  expect(answers.map(({ length }) => length)).toEqual(junk.map(() => 0))
  expect(await fetched()).toBe(hex)
})

test('a stranger at the socket who cannot read the token gets no proof and gives no key', async () => {
  const made = await offer()
  const path = join(home, socketName())
  const token = readFileSync(join(home, 'holder.token'))
  made?.close()
  writeFileSync(join(home, 'holder.token'), token, { mode: 0o600 })
  const heard: Buffer[] = []
  const stranger = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard.push(Buffer.from(bytes))
      socket.write(randomBytes(64))
    })
  })
  await new Promise<void>((resolve) => stranger.listen(path, resolve))
  expect(await fetched()).toBeNull()
  expect(Buffer.concat(heard)).toHaveLength(40)
  stranger.close()
})

test('a token that others can read, or that is a symbolic link, is no offer, and the next offer replaces it', async () => {
  const path = join(home, 'holder.token')
  await offer()
  chmodSync(path, 0o644)
  expect(await fetched()).toBeNull()
  chmodSync(path, 0o600)
  expect(await fetched()).toBe(hex)
  renameSync(path, join(root, 'token'))
  symlinkSync(join(root, 'token'), path)
  expect(await fetched()).toBeNull()
  expect(await offer()).not.toBeNull()
  expect(await fetched()).toBe(hex)
  expect(lstatSync(path).isFile()).toBe(true)
})

/** As the host runs: no child processes, workers or addons, files of the data folder only. */
function permissions(): string[] {
  const read = [REPOSITORY, home].map((path) => `--allow-fs-read=${path}`)
  return [
    '--permission',
    '--allow-net',
    ...read,
    `--allow-fs-write=${home}`,
    '--disable-warning=ExperimentalWarning',
  ]
}

async function holder(flags: string[]): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [...flags, PROGRAM, 'hold', home, hex], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [said] = await once(child.stdout, 'data')
  return { child, said: String(said) }
}

const fetchElsewhere = (flags: string[]): string =>
  execFileSync(process.execPath, [...flags, PROGRAM, 'fetch', home], { encoding: 'utf8' })

test('processes share the key under the permission model; a killed holder leaves a place that the next one takes', async () => {
  const first = await holder(permissions())
  expect(first.said).toBe('offering')
  expect(fetchElsewhere(permissions())).toBe(hex)
  expect((await holder(permissions())).said).toBe('taken')
  const stale = socketName()
  first.child.kill('SIGKILL')
  await once(first.child, 'close')
  expect(readdirSync(home)).toContain(stale)
  expect(fetchElsewhere(permissions())).toBe('nobody')
  expect((await holder(permissions())).said).toBe('offering')
  expect(fetchElsewhere(permissions())).toBe(hex)
  expect(readdirSync(home)).not.toContain(stale)
})

test('a folder with a path too long for a socket works, under the permission model too', async () => {
  home = join(root, 'a-long-name'.repeat(9), 'home')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  expect(Buffer.byteLength(home)).toBeGreaterThan(108)
  expect((await holder(permissions())).said).toBe('offering')
  expect(fetchElsewhere(permissions())).toBe(hex)
  const before = process.cwd()
  expect(await fetched()).toBe(hex)
  expect(process.cwd()).toBe(before)
})
