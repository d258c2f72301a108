import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK, STRICT } from '../support/pages/test-pages.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { type OpenAiUpstream, startOpenAiUpstream } from '../support/upstreams/openai-upstream.ts'
import { call, chat } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

const PLACEHOLDER = 'sk-valetkey-placeholder-for-tests'
const ANSWER = 'Streamed word by word, in order, to a page that has no key. '.repeat(5).trim()

onEachBrowser('a chat page with the unmodified openai package', (scene) => {
  let upstream: OpenAiUpstream
  let site: PageServer
  let key: string
  beforeAll(async () => {
    key = scene.canary('chat', 'sk-')
    upstream = await startOpenAiUpstream([key], [{ prompt: 'hello', answer: ANSWER }])
    const open = { ...STRICT, csp: `${STRICT.csp}; connect-src ${new URL(upstream.baseUrl).origin}` }
    site = await startPageServer({ pages: { '/': BLANK, '/strict': open, '/closed': STRICT } })
    const service = { id: 'chat', preset: 'openai-compatible', capability: 'oai-chat' }
    await scene.addService({ ...service, baseUrl: upstream.baseUrl }, key)
    await scene.grant(site.origin, 'chat')
  })
  afterAll(async () => {
    await site.close()
    await upstream.close()
  })
  const asked = () => ({ baseURL: upstream.baseUrl, apiKey: PLACEHOLDER, prompt: 'hello there' })

  test('streams the answer piece by piece, with the key put in after the page', async () => {
    upstream.journal.clear()
    const page = await scene.open(`${site.origin}/`)
    const end = await chat(page, asked())
    expect(end).toMatchObject({ status: 200, error: null, text: ANSWER })
    expect(end.pieces).toBeGreaterThan(5)
    const arrival = upstream.journal.last
    expect(headerOf(arrival, 'authorization')).toBe(`Bearer ${key}`)
    expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    expect(upstream.journal.calls).toHaveLength(1)
  })

  test('gets a whole answer too, and the list of models', async () => {
    const page = await scene.open(`${site.origin}/`)
    expect(await chat(page, { ...asked(), stream: false })).toMatchObject({ status: 200, text: ANSWER })
    const models = await call(page, `${upstream.baseUrl}/models`)
    expect(models).toMatchObject({ status: 200, problem: null })
    expect(JSON.parse(models.text)).toMatchObject({ object: 'list' })
  })

  test('works in a page whose own strict policy lets it connect to the API, and not in one that may not', async () => {
    const page = await scene.open(`${site.origin}/strict`)
    expect(await chat(page, asked())).toMatchObject({ status: 200, text: ANSWER })
    upstream.journal.clear()
    const closed = await scene.open(`${site.origin}/closed`)
    expect(await call(closed, `${upstream.baseUrl}/models`)).toMatchObject({
      status: null,
      error: 'TypeError',
    })
    expect(upstream.journal.arrivals).toEqual([])
  })

  test('what the capability does not allow is refused, and never reaches the API', async () => {
    upstream.journal.clear()
    const page = await scene.open(`${site.origin}/`)
    const end = await call(page, `${upstream.baseUrl}/images/generations`, { method: 'POST', body: '{}' })
    expect(end).toMatchObject({ status: 403, problem: 'denied' })
    expect(JSON.parse(end.text)).toMatchObject({ code: 'denied', status: 403 })
    expect(upstream.journal.arrivals).toEqual([])
  })

  test('a site without a grant is left alone: its call goes out with its placeholder, and the API refuses it', async () => {
    upstream.journal.clear()
    const stranger = await startPageServer({ pages: { '/': BLANK } })
    try {
      const page = await scene.open(`${stranger.origin}/`)
      const end = await chat(page, asked())
      expect(end).toMatchObject({ status: 401, error: 'AuthenticationError', problem: null })
      expect(headerOf(upstream.journal.last, 'authorization')).toBe(`Bearer ${PLACEHOLDER}`)
      expect(headerOf(upstream.journal.last, 'origin')).toBe(stranger.origin)
    } finally {
      await stranger.close()
    }
  })

  test('the same port under another name is another site, and is left alone', async () => {
    const page = await scene.open(`${site.originAs('localhost')}/`)
    expect(await chat(page, asked())).toMatchObject({ status: 401 })
  })

  test('the audit holds one intent and one outcome for each call, and its chain is whole', async () => {
    const page = await scene.open(`${site.origin}/`)
    const before = await audit()
    await chat(page, asked())
    const after = await audit()
    const fresh = after.filter((record) => !before.some((old) => old.id === record.id))
    expect(fresh.map((record) => record.kind).sort()).toEqual(['intent', 'outcome'])
    expect(fresh.find((record) => record.kind === 'intent')).toMatchObject({
      origin: site.origin,
      capability: 'chat',
      method: 'POST',
      url: `${upstream.baseUrl}/chat/completions`,
      decision: 'allow',
    })
    expect((await scene.stage.valetkey.run(['audit', 'verify'])).code).toBe(0)
  })

  async function audit(): Promise<Record<string, unknown>[]> {
    return (await scene.stage.valetkey.ask(['audit', 'list', '--limit', '500'])) as Record<string, unknown>[]
  }
})
