import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Capability } from '../../shared/model/capability.ts'
import { times } from '../support/hard.ts'
import { TypedTerminal } from '../support/typed-terminal.ts'
import { CLI, type CommandHome, unlockedHome } from './cli-fixture.ts'

/** The list a person ticks at a terminal. Every terminal here is a real one of Linux's. */
vi.setConfig({ testTimeout: times(60_000, 300_000), hookTimeout: 60_000 })

const DOWN = '\u001b[B'
const PETS = {
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  servers: [{ url: 'https://pets.example/v1' }],
  components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/pets': {
      get: { operationId: 'listPets', tags: ['pets'] },
      post: { operationId: 'addPet', tags: ['pets'] },
    },
    '/pets/{id}': { delete: { operationId: 'removePet', tags: ['pets'] } },
    '/keepers': { get: { operationId: 'list\u001b]0;harm\u0007Keepers', tags: ['\u001b[2Jkeepers'] } },
  },
}

describe.runIf(process.platform === 'linux')('an OpenAPI document at a terminal', () => {
  let home: CommandHome
  let file: string
  const open: TypedTerminal[] = []
  beforeAll(async () => {
    home = await unlockedHome()
    file = join(home.home, 'pets.json')
    writeFileSync(file, JSON.stringify(PETS))
    const add = ['service', 'add', 'pets', '--base-url', 'https://pets.example/v1', '--auth', 'none']
    expect(await home.run(add)).toMatchObject({ code: 0 })
  })
  afterAll(async () => {
    for (const terminal of open) terminal.close()
    await home?.remove()
  })

  const importing = (...options: string[]) => {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', CLI]
    const terminal = new TypedTerminal([...node, 'import', file, ...options], home.env)
    open.push(terminal)
    return terminal
  }
  const capabilities = async () => (await home.run(['capability', 'list', '--json'])).json<Capability[]>()

  test('is a list to tick with the keys, and becomes what was ticked after a yes', async () => {
    const terminal = importing()
    await terminal.typeAt('2 of 4 ticked', DOWN)
    await terminal.typeAt('> ', ' ')
    await terminal.typeAt('1 of 4 ticked', `${DOWN}${DOWN} `)
    await terminal.typeAt('2 of 4 ticked', '/KEEP')
    await terminal.typeAt('Find: KEEP', '\r')
    await terminal.typeAt('Arrows', ' ')
    await terminal.typeAt('1 of 4 ticked', ' ')
    await terminal.typeAt('2 of 4 ticked', '\r')
    await terminal.typeAt('Save this?', 'y\r')
    expect(await terminal.ended()).toBe(0)
    expect(terminal.shown).toContain('[x] GET /pets')
    expect(terminal.shown).toContain('[-] pets')
    expect(terminal.shown).toMatch(/\[ \] DELETE \/pets\/\{id\} {2}DELETES; DELETE changes something/)
    expect(terminal.shown).toMatch(/digest [0-9a-f]{64}/)
    // A document steers no terminal.
    expect(terminal.shown).not.toContain('\u001b[2J')
    expect(terminal.shown).not.toContain('\u001b]0;')
    // The screen of before is back, with its cursor.
    expect(terminal.shown).toContain('\u001b[?25h\u001b[?1049l')
    const [made] = await capabilities()
    expect(made).toMatchObject({ id: 'pets-chosen', service: 'pets', label: 'Pets' })
    expect(made?.rules.map(({ pattern }) => pattern)).toEqual(['DELETE /v1/pets/*?', 'GET /v1/keepers?'])
  })

  test.each([
    [
      'a no',
      async (terminal: TypedTerminal) => {
        await terminal.typeAt('2 of 4 ticked', '\r')
        await terminal.typeAt('Save this?', '\r')
      },
    ],
    ['Ctrl-C', (terminal: TypedTerminal) => terminal.typeAt('2 of 4 ticked', '\u0003')],
  ])('is left as it was after %s', async (_, types) => {
    const before = await capabilities()
    const terminal = importing()
    await types(terminal)
    expect(await terminal.ended()).not.toBe(0)
    expect(await capabilities()).toEqual(before)
  })

  test('is the plain list under `--json`', async () => {
    const terminal = importing('--json')
    expect(await terminal.ended()).toBe(0)
    const listed = JSON.parse(terminal.shown) as { made: boolean; operations: object[] }
    expect(listed).toMatchObject({ made: false, format: 'openapi' })
    expect(Object.keys(listed.operations[0] ?? {})).toEqual([
      'operation',
      'method',
      'path',
      'tags',
      'summary',
      'rule',
      'reads',
      'why',
      'ticked',
    ])
  })
})
