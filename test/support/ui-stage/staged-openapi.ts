import type { Page } from 'puppeteer-core'
import type { DescribedOperation } from '../../../shared/model/described-operation.ts'
import { say } from '../../../shared/model/said.ts'
import { DEFAULT_LIMITS } from '../../../shared/presets/preset-to-service.ts'
import type { OpenApiReading } from '../../../shared/protocol/openapi-commands.ts'
import { HOSTILE_NAMES } from './hostile-scenes.ts'
import type { Scene } from './scenes.ts'
import { world } from './staged-worlds.ts'
import { told } from './told.ts'

/** An operation as the host would list it. */
function operation(call: string, part: Partial<DescribedOperation> = {}): DescribedOperation {
  const [method = '', path = ''] = call.split(' ')
  return {
    operation: call,
    method,
    path,
    tags: ['Animals'],
    summary: '',
    rule: `${method} /v1${path.replace(/\{[^}]*\}/g, '*')}?`,
    reads: true,
    reason: { code: 'method-reads', method, word: null },
    marks: [],
    ...part,
  }
}

const because = (code: DescribedOperation['reason']['code'], method: string, word: string | null = null) => {
  return { reads: false, reason: { code, method, word } }
}

const ZOO: DescribedOperation[] = [
  operation('GET /animals', { summary: 'All animals, page by page' }),
  operation('POST /animals/search', {
    summary: 'Find animals by what they eat',
    reason: { code: 'address-reads', method: 'POST', word: 'search' },
  }),
  operation('POST /animals', { ...because('answers-made', 'POST'), marks: ['writes'] }),
  operation('DELETE /animals/{id}', { ...because('method-changes', 'DELETE'), marks: ['deletes'] }),
  operation('POST /animals/{id}/a-very-long-and-unbroken-part-of-a-path-that-does-not-fit/refund', {
    tags: ['Animals', 'Money'],
    ...because('address-acts', 'POST', 'refund'),
    marks: ['spends', 'writes'],
  }),
  operation('GET /session/token', { tags: [], ...because('mints', 'GET'), marks: ['mints'] }),
  operation('GET /odd;path', { tags: [], rule: null }),
]

const HOSTILE = HOSTILE_NAMES.map((name, at) =>
  operation('GET /x', {
    operation: name.slice(0, 200),
    path: `/${name.slice(0, 400)}`,
    summary: name.slice(0, 200),
    tags: at === 2 ? ['__proto__'] : [name.slice(0, 80)],
    marks: at === 1 ? ['mints', 'deletes', 'spends', 'writes'] : [],
  }),
)

/** So many that only some are shown at once. */
const LARGE = Array.from({ length: 700 }, (_, at) =>
  operation(`GET /part-${at % 12}/thing-${at}/{id}`, { tags: [`Part ${at % 12}`] }),
)

function reading(operations: DescribedOperation[], part: Partial<OpenApiReading> = {}): OpenApiReading {
  return {
    title: 'Petting Zoo',
    described: 'https://api.openai.com/v1',
    baseUrl: 'https://api.openai.com/v1',
    isElsewhere: false,
    operations,
    elsewhere: 0,
    id: 'openai-read',
    limits: DEFAULT_LIMITS,
    ...part,
  }
}

const capability = (allow: readonly string[], label: string) => {
  return {
    id: 'openai-read',
    service: 'openai',
    label,
    rules: allow.map((pattern) => ({ effect: 'allow', pattern })),
    body: [],
    models: null,
    limits: DEFAULT_LIMITS,
  }
}

const offering = (read: OpenApiReading) => {
  const allow = read.operations.flatMap(({ rule, reads }) => (reads && rule !== null ? [rule] : []))
  const drafted = { digest: 'c0ffee'.padEnd(64, '0'), capability: capability(allow, read.title) }
  return world({ answers: { 'openapi-read': read, 'capability-draft': drafted } })
}

/** Paste something and have it read. */
const readIt = async (page: Page) => {
  await page.waitForSelector('textarea')
  await page.type('textarea', '{}')
  await page.click('button[type=submit]')
  await page.waitForSelector('.tag-groups')
}

const tickAll = async (page: Page) => {
  await readIt(page)
  await page.$$eval('.tag-head input', (boxes) => {
    for (const box of boxes) if (!box.disabled) box.click()
  })
}

const review = (tick: (page: Page) => Promise<void>) => async (page: Page) => {
  await tick(page)
  await page.click('button[type=submit]')
  await page.waitForSelector('.rules')
}

const find = (text: string) => async (page: Page) => {
  await readIt(page)
  await page.type('.stack input:not([type=checkbox])', text)
}

const refused = async (page: Page) => {
  await page.waitForSelector('textarea')
  await page.type('textarea', '{}')
  await page.click('button[type=submit]')
  await page.waitForSelector('[role=alert]')
}

const at = { page: 'control', hash: '#capabilities/+openapi' } as const
const zoo = offering(reading(ZOO))
const hostile = offering(
  reading(HOSTILE, {
    title: HOSTILE_NAMES[0] ?? '',
    isElsewhere: true,
    described: `https://elsewhere.example/${HOSTILE_NAMES[3]?.slice(0, 300)}`,
    elsewhere: 3,
  }),
)
const tooLarge = {
  refusal: {
    code: 'too-large',
    ...told(
      say`the document is larger than ${3} MB of ${'YAML'}: \`valetkey import FILE\` takes larger ones`,
    ),
  },
}

/** A capability from a document, in every state there is a picture of. */
export const OPENAPI_SCENES: Scene[] = [
  { name: 'openapi-choose', ...at, world: zoo },
  { name: 'openapi-no-service', ...at, world: world({ answers: { 'service-list': [] } }) },
  { name: 'openapi-refused', ...at, world: world({ answers: { 'openapi-read': tooLarge } }), act: refused },
  { name: 'openapi-tick', ...at, world: zoo, act: readIt },
  { name: 'openapi-tick-large', ...at, world: offering(reading(LARGE)), act: find('part-7') },
  { name: 'openapi-tick-hostile', ...at, world: hostile, act: readIt },
  { name: 'openapi-tick-narrow', ...at, width: 360, schemes: ['light'], world: zoo, act: readIt },
  { name: 'openapi-tick-rtl', ...at, schemes: ['light'], world: { ...zoo, rtl: true }, act: readIt },
  { name: 'openapi-review', ...at, world: zoo, act: review(tickAll) },
  { name: 'openapi-review-narrow', ...at, width: 360, schemes: ['light'], world: zoo, act: review(readIt) },
]
