import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { fetchKeys } from '../../native-host/vault/keyholder.ts'
import { CLI, type CommandHome, commandHome, PASSPHRASE, unlockedHome } from './cli-fixture.ts'

const KEY = 'sk-canary-0123456789abcdef'
const LINUX = process.platform === 'linux'

let home: CommandHome
afterEach(() => home.remove())

describe('the life of a vault', () => {
  test('status of a machine without a vault says so and makes none', async () => {
    home = await commandHome()
    const status = await home.run(['status', '--json'])
    expect(status).toMatchObject({ code: 0, stderr: '' })
    expect(status.json()).toMatchObject({ vault: 'missing', slots: [], services: 0, liveSessions: 0 })
    expect(existsSync(home.valetKeyHome)).toBe(false)
  })

  test('whatever needs a vault is 3 without one, names the mend, and makes none', async () => {
    home = await commandHome()
    const wanting = [
      ['lock'],
      ['unlock', '--passphrase-stdin'],
      ['service', 'list'],
      ['explain', 'c', 'GET', 'https://a.example/'],
      ['slot', 'list'],
      ['audit', 'verify'],
    ]
    for (const args of wanting) {
      const ran = await home.run([...args, '--json'], 'x\n')
      expect(ran.code).toBe(3)
      const message = expect.stringContaining('valetkey init')
      expect(ran.json()).toEqual({ error: { code: 'vault-missing', message } })
    }
    expect(existsSync(home.valetKeyHome)).toBe(false)
  })

  test('init prints the recovery code once and leaves the vault unlocked, lock ends that, unlock opens it', async () => {
    home = await commandHome()
    const made = await home.run(['init', '--passphrase-stdin', '--json'], `${PASSPHRASE}\n`)
    expect(made.code).toBe(0)
    const { recoveryCode } = made.json<{ recoveryCode: string }>()
    expect(recoveryCode).toMatch(/^[0-9A-Z*~$=U-]{20,}$/)
    expect((await home.run(['status', '--json'])).json()).toMatchObject({ vault: 'unlocked' })
    expect((await home.run(['init', '--passphrase-stdin', '--json'], 'another one\n')).json()).toMatchObject({
      error: { code: 'vault-exists' },
    })

    expect((await home.run(['lock'])).code).toBe(0)
    expect((await home.run(['status', '--json'])).json()).toMatchObject({
      vault: 'locked',
      slots: ['passphrase', 'recovery'],
    })
    const locked = await home.run(['service', 'list', '--json'])
    expect(locked.code).toBe(3)
    expect(locked.json()).toEqual({
      error: { code: 'vault-locked', message: expect.stringContaining('valetkey unlock') },
    })

    const wrong = await home.run(['unlock', '--passphrase-stdin', '--json'], 'not the passphrase\n')
    expect(wrong.code).toBe(1)
    expect(wrong.json()).toMatchObject({ error: { code: 'wrong-passphrase' } })
    expect((await home.run(['unlock', '--recovery-stdin'], `${recoveryCode.toLowerCase()}\n`)).code).toBe(0)
    expect((await home.run(['service', 'list', '--json'])).json()).toEqual([])
  })

  test('a weak passphrase is refused and leaves no vault', async () => {
    home = await commandHome()
    const made = await home.run(['init', '--passphrase-stdin', '--json'], 'short\n')
    expect(made.code).toBe(1)
    expect(made.json()).toMatchObject({ error: { code: 'weak-passphrase' } })
    expect((await home.run(['status', '--json'])).json()).toMatchObject({ vault: 'missing' })
  })

  test('without a terminal nobody is asked: init is wrong usage, unlock is locked', async () => {
    home = await commandHome()
    expect((await home.run(['init'])).code).toBe(2)
    await home.run(['init', '--passphrase-stdin'], `${PASSPHRASE}\n`)
    await home.run(['lock'])
    expect((await home.run(['unlock'])).code).toBe(3)
  })

  test('a key-file slot opens without a word, and the passphrase can go once it is there', async () => {
    home = await unlockedHome()
    const keyFile = join(home.home, 'key')
    const added = await home.run(['slot', 'add', '--key-file', keyFile, '--json'])
    expect(added.json()).toMatchObject({ kind: 'key-file' })
    const slots = (await home.run(['slot', 'list', '--json'])).json<{ id: string; kind: string }[]>()
    const passphrase = slots.find(({ kind }) => kind === 'passphrase')
    expect((await home.run(['slot', 'remove', passphrase?.id ?? ''])).code).toBe(0)
    const last = await home.run(['slot', 'remove', added.json<{ id: string }>().id, '--json'])
    expect(last.json()).toMatchObject({ error: { code: 'in-use' } })
    await home.run(['lock'])
    expect((await home.run(['unlock', '--json'])).json()).toEqual({ vault: 'unlocked', already: false })
    expect((await home.run(['unlock', '--json'])).json()).toEqual({ vault: 'unlocked', already: true })
    expect((await home.run(['audit', 'verify'])).code).toBe(0)
  })

  test('a damaged database is an error that changes nothing', async () => {
    home = await unlockedHome()
    await home.run(['lock'])
    const file = join(home.valetKeyHome, 'valetkey.db')
    for (const suffix of ['-wal', '-shm']) await rm(`${file}${suffix}`, { force: true })
    const junk = Buffer.from('this is no database at all, only text that stands where one was\n'.repeat(100))
    writeFileSync(file, junk)
    const ran = await home.run(['service', 'list', '--json'])
    expect(ran.code).toBe(1)
    expect(ran.json()).toMatchObject({ error: { code: 'store-damaged' } })
    expect(readFileSync(file).equals(junk)).toBe(true)
  })
})

describe('the process that holds the key', () => {
  test.runIf(LINUX)(
    'has neither key nor passphrase in its arguments or environment, and dumps no core',
    async () => {
      home = await unlockedHome()
      await home.run(['service', 'add', 'x', '--preset', 'openai', '--secret-stdin'], `${KEY}\n`)
      const [pid] = holders(home)
      const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')
      expect(read('cmdline')).toContain('holder')
      const dataKey = (await fetchKeys(home.valetKeyHome))?.exportKey()
      expect(dataKey).toHaveLength(32)
      for (const file of ['cmdline', 'environ']) {
        expect(read(file)).not.toContain(dataKey?.toHex())
        expect(read(file)).not.toContain(dataKey?.toBase64())
        expect(read(file)).not.toContain(PASSPHRASE)
        expect(read(file)).not.toContain(KEY)
      }
      expect(
        read('environ')
          .split('\0')
          .filter(Boolean)
          .map((pair) => pair.split('=')[0]),
      ).not.toContain('NODE_OPTIONS')
      expect(read('limits')).toMatch(/Max core file size\s+0\s+0/)
    },
  )

  test.runIf(LINUX)('is one, and is gone when lock has returned', async () => {
    home = await unlockedHome()
    await home.run(['unlock', '--passphrase-stdin'], `${PASSPHRASE}\n`)
    const before = holders(home)
    expect(before.length).toBeGreaterThan(0)
    expect((await home.run(['lock'])).code).toBe(0)
    await until(() => holders(home).length === 0)
    expect(readdirSync(home.valetKeyHome).filter((name) => name.startsWith('holder'))).toEqual([])
  })

  test.runIf(LINUX)('ends when the folder of the vault is gone', async () => {
    home = await unlockedHome()
    expect(holders(home)).toHaveLength(1)
    await rm(home.valetKeyHome, { recursive: true })
    await until(() => holders(home).length === 0)
  })

  test.runIf(LINUX)(
    'is survived by its successor: a killed one does not keep the vault from opening',
    async () => {
      home = await unlockedHome()
      for (const pid of holders(home)) process.kill(pid, 'SIGKILL')
      await until(() => holders(home).length === 0)
      expect((await home.run(['status', '--json'])).json()).toMatchObject({ vault: 'locked' })
      expect((await home.run(['unlock', '--passphrase-stdin'], `${PASSPHRASE}\n`)).code).toBe(0)
      expect((await home.run(['status', '--json'])).json()).toMatchObject({ vault: 'unlocked' })
    },
  )
})

describe('what no child process shows', () => {
  test.runIf(LINUX)('no process of the command ever has a secret in arguments or environment', async () => {
    home = await unlockedHome()
    const seen: string[] = []
    const child = spawn(
      process.execPath,
      [CLI, 'service', 'add', 'x', '--preset', 'openai', '--secret-stdin'],
      {
        env: home.env,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    )
    const done = new Promise((resolve) => child.once('close', resolve))
    child.stdin.write(KEY)
    const scan = setInterval(() => seen.push(processText(home)), 10)
    setTimeout(() => child.stdin.end(), 300)
    await done
    clearInterval(scan)
    expect(seen.join('')).toContain('service')
    expect(seen.join('')).not.toContain(KEY)
    expect((await home.run(['service', 'show', 'x', '--json'])).json()).toMatchObject({ secrets: ['token'] })
  })
})

/** Ids of the holders of this home. */
function holders({ valetKeyHome }: CommandHome): number[] {
  return processes().flatMap(({ pid, cmdline }) =>
    cmdline.includes('\0holder\0') && cmdline.includes(valetKeyHome) ? [pid] : [],
  )
}

/** Arguments and environment of every process of this home. */
function processText({ home: user }: CommandHome): string {
  return processes()
    .map(({ pid, cmdline }) => `${cmdline}${readOr(`/proc/${pid}/environ`)}`)
    .filter((text) => text.includes(user))
    .join('\n')
}

function processes(): { pid: number; cmdline: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), cmdline: readOr(`/proc/${name}/cmdline`) }))
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

async function until(what: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!what()) {
    if (Date.now() > deadline) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
