import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readEnvFile } from '../../native-host/import/env-file.ts'
import { importEnv as importEnvOf } from '../../native-host/import/import-env.ts'
import { ANTHROPIC } from '../../shared/presets/anthropic.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { MODELSLAB } from '../../shared/presets/modelslab.ts'
import { OPENAI } from '../../shared/presets/openai.ts'
import { OPENAI_COMPATIBLE } from '../../shared/presets/openai-compatible.ts'
import { refusalOf } from './vault-fixture.ts'

const OPENAI_KEY = `sk-proj-${'abcdefghij0123456789'.repeat(3)}`
/** Two services whose keys have a look, one whose keys have none, one without an address. */
const SHAPED = [
  {
    ...OPENAI,
    keys: [
      { prefix: 'sk-proj-', rest: '[A-Za-z0-9_-]{20,}', name: 'project key' },
      { prefix: 'sk-admin-', rest: '.{20,}', name: 'admin key', danger: 'admin' as const },
    ],
  },
  { ...ANTHROPIC, keys: [{ prefix: 'sk-ant-', rest: '[A-Za-z0-9_-]{20,}', name: 'API key' }] },
  MODELSLAB,
  OPENAI_COMPATIBLE,
]
const importEnv = (text: string) => importEnvOf(text, SHAPED)
const { cases } = JSON.parse(
  readFileSync(new URL('../vectors/import/env-values.json', import.meta.url), 'utf8'),
) as { cases: [string, string | null][] }

describe('values of a .env file', () => {
  test.each(cases)('%j', (text, value) => {
    if (value === null) expect(refusalOf(() => readEnvFile(text))).toBe('invalid')
    else expect(readEnvFile(text).find(({ name }) => name === 'A')?.value).toBe(value)
  })

  test('an unreadable line is told by its number and not repeated', () => {
    expect(() => readEnvFile('A=x\n\nsk-secret-of-a-line without a name\n')).toThrow(/^line 3 /)
    expect(() => readEnvFile('A=x\n\nsk-secret-of-a-line without a name\n')).not.toThrow(/secret-of/)
  })

  test('references are seen where a loader would follow them', () => {
    const refers = (text: string) => readEnvFile(text)[0]?.refers
    expect(refers('A=$B')).toBe(true)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the file
    expect(refers('A=x${B}')).toBe(true)
    expect(refers('A="$(pass show x)"')).toBe(true)
    expect(refers("A='$B'")).toBe(false)
    expect(refers('A=cash$1')).toBe(false)
    expect(refers('A="a\\$B"')).toBe(false)
  })

  test('a hundred thousand blanks, quotes or comment signs are read at once', () => {
    for (const odd of [' ', ' #', '"\\', "'", '\t'])
      expect(() => {
        try {
          readEnvFile(`A=${odd.repeat(100_000)}`)
        } catch {}
      }).not.toThrow()
  })
})

describe('keys of services', () => {
  const ids = (text: string) => importEnv(text).services.map(({ service }) => service.id)
  const left = (text: string) => importEnv(text).leftOut.map(({ text: why }) => why)

  test('a key whose name and look agree becomes the service of the preset, with no capability', () => {
    const plan = importEnv(`OPENAI_API_KEY="${OPENAI_KEY}"\nPORT=3000\nDEBUG=true\n`)
    expect(plan.services.map(({ service }) => [service.id, service.preset])).toEqual([['openai', 'openai']])
    expect(
      [...(plan.services[0]?.secrets ?? [])].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
    ).toEqual([['token', OPENAI_KEY]])
    expect(plan.capabilities).toEqual([])
    expect(plan.leftOut).toEqual([])
  })

  test('no word of a value is in what is said of it', () => {
    const values = [OPENAI_KEY, 'sk-of-another-look-0123456789', 'hunter2-hunter2', 'pretend$' + '{B}']
    const plan = importEnv(
      `OPENAI_API_KEY=${values[0]}\nANTHROPIC_API_KEY=${values[1]}\nDB_PASSWORD=${values[2]}\nSOME_TOKEN=${values[3]}\n`,
    )
    const said = JSON.stringify([plan.leftOut, plan.remarks, plan.services.map(({ service }) => service)])
    for (const value of values) expect(said).not.toContain(value)
    expect(plan.leftOut.map(({ about }) => about)).toEqual(['ANTHROPIC_API_KEY', 'DB_PASSWORD', 'SOME_TOKEN'])
  })

  test('a key for a server of one’s own is not sent to the service it imitates', () => {
    const text = `OPENAI_API_KEY=${OPENAI_KEY}\nOPENAI_BASE_URL=http://127.0.0.1:1234/v1\n`
    expect(ids(text)).toEqual([])
    expect(left(text)).toEqual([expect.stringContaining('`OPENAI_BASE_URL` names another address')])
    expect(ids(text.replace('http://127.0.0.1:1234', 'https://api.openai.com'))).toEqual(['openai'])
  })

  test('names that only look alike are not taken', () => {
    expect(ids(`AZURE_OPENAI_API_KEY=not-a-known-look-at-all\n`)).toEqual([])
    expect(ids(`OPENAI_MODEL=gpt-x\nOPENAI_ORG_ID=org-1\n`)).toEqual([])
    expect(ids(`OPENAI_API_KEY=changeme\n`)).toEqual([])
    expect(ids('OPENAI_API_KEY=\n')).toEqual([])
    expect(ids('OPENAI_API_KEY=$OTHER\n')).toEqual([])
    expect(ids(`OPENAI_COMPATIBLE_API_KEY=${OPENAI_KEY}\n`)).toEqual([])
  })

  test('a look alone is enough, a name and a look that differ are not', () => {
    expect(ids(`MY_LLM=${OPENAI_KEY}\n`)).toEqual(['openai'])
    expect(left(`ANTHROPIC_API_KEY=${OPENAI_KEY}\n`)).toEqual([
      'its name says Anthropic, its look says OpenAI',
    ])
    expect(ids('MODELSLAB_API_KEY=0123456789abcdefghijklmnop\n')).toEqual(['modelslab'])
    expect(ids('MODELSLAB_API_KEY=your-key-goes-here-please\n')).toEqual([])
  })

  test('a dangerous key is taken with a warning', () => {
    const { remarks } = importEnv(`OPENAI_API_KEY=sk-admin-${'x'.repeat(30)}\n`)
    expect(remarks.map(({ text }) => text)).toEqual([
      expect.stringContaining('becomes the key'),
      'it is its kind of key: admin key',
    ])
  })

  test('two different keys of one service are two services; the same key twice is one', () => {
    const other = OPENAI_KEY.replace('a', 'b')
    expect(ids(`OPENAI_API_KEY=${OPENAI_KEY}\nOPENAI_OTHER_API_KEY=${other}\n`)).toEqual([
      'openai',
      'openai-2',
    ])
    const twice = `OPENAI_API_KEY=${OPENAI_KEY}\nVITE_OPENAI_API_KEY=${OPENAI_KEY}\n`
    expect(ids(twice)).toEqual(['openai'])
    expect(left(twice)).toEqual(['the same key is taken already, as service openai'])
  })

  test('a name that puts the key into the page is warned of', () => {
    const { remarks } = importEnv(`VITE_OPENAI_API_KEY=${OPENAI_KEY}\n`)
    expect(remarks.map(({ text }) => text)).toContainEqual(expect.stringContaining('may be public already'))
  })

  test('the beginning of a key of any service in the catalogue is not taken for a key', () => {
    const shaped = PRESETS.flatMap((preset) => (preset.keys ?? []).map((shape) => ({ preset, shape })))
    for (const { preset, shape } of shaped) {
      const name = `${preset.id.toUpperCase().replaceAll('-', '_')}_API_KEY`
      const plan = importEnvOf(`${name}=${shape.prefix}\n`)
      expect(plan.services).toEqual([])
      expect(plan.leftOut).toHaveLength(1)
    }
  })
})
