import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { AXIOS, BLANK } from '../support/pages/test-pages.ts'
import { FORBIDDEN_AT_JAN, JAN_PORT, startJanUpstream } from '../support/upstreams/jan-upstream.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { startModelsLabUpstream } from '../support/upstreams/modelslab-upstream.ts'
import { startOpenAiUpstream } from '../support/upstreams/openai-upstream.ts'
import { startUploadUpstream, type UploadedPart } from '../support/upstreams/upload-upstream.ts'
import { call, chat, loadOpenAi } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

const PLACEHOLDER = 'placeholder-of-a-page'

onEachBrowser('other clients and other APIs', (scene) => {
  const servers: LoopbackServer[] = []
  let site: PageServer
  beforeAll(async () => {
    site = await startPageServer({ pages: { '/': BLANK, '/axios': AXIOS } })
    servers.push(site)
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
  })

  test('axios over XMLHttpRequest gets its answer, its progress events and its errors', async () => {
    const key = scene.canary('axios', 'sk-')
    const upstream = await startOpenAiUpstream([key], [{ prompt: 'hello', answer: 'said to axios' }])
    servers.push(upstream)
    const service = { id: 'axios', preset: 'openai-compatible', capability: 'oai-chat' }
    await scene.addService({ ...service, baseUrl: upstream.baseUrl }, key)
    await scene.grant(site.origin, 'axios')
    const page = await scene.open(`${site.origin}/axios`)
    const outcome = await page.evaluate(
      async (base, placeholder) => {
        const { axios } = globalThis as unknown as { axios: import('axios').AxiosStatic }
        const client = axios.create({ baseURL: base, headers: { Authorization: `Bearer ${placeholder}` } })
        let loaded = 0
        const onDownloadProgress = (event: { loaded: number }) => {
          loaded = event.loaded
        }
        const body = { model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] }
        const good = await client.post('/chat/completions', body, { onDownloadProgress })
        const refused = await client.post('/files', body).catch((error: import('axios').AxiosError) => error)
        return {
          adapter: axios.defaults.adapter,
          status: good.status,
          said: good.data.choices[0].message.content as string,
          type: String(good.headers['content-type']),
          loaded,
          refused: 'response' in refused ? refused.response?.status : null,
          problem: 'response' in refused ? refused.response?.headers['valet-key-problem'] : null,
        }
      },
      upstream.baseUrl,
      PLACEHOLDER,
    )
    expect(outcome).toMatchObject({ status: 200, said: 'said to axios', refused: 403, problem: 'denied' })
    expect(outcome.type).toContain('application/json')
    expect(outcome.loaded).toBeGreaterThan(0)
    expect(headerOf(upstream.journal.last, 'authorization')).toBe(`Bearer ${key}`)
  })

  test('a form with files arrives byte for byte', async () => {
    const key = scene.canary('upload', 'sk-')
    const upstream = await startUploadUpstream(key)
    servers.push(upstream)
    await addByHand('upload', `${upstream.url}/v1`, key, ['POST /v1/files'])
    const page = await scene.open(`${site.origin}/`)
    const answer = await page.evaluate(async (url) => {
      const form = new FormData()
      form.append('purpose', 'ünïcode & "quotes"')
      const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 255)
      form.append('file', new File([bytes], 'bytes.bin', { type: 'application/x-test' }))
      form.append('file', new File(['second'], 'zweite datei.txt', { type: 'text/plain' }))
      const response = await fetch(url, { method: 'POST', body: form })
      return { status: response.status, text: await response.text() }
    }, `${upstream.url}/v1/files`)
    expect(answer.status).toBe(200)
    const { parts } = JSON.parse(answer.text) as { parts: UploadedPart[] }
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 255)
    expect(parts).toEqual([
      expect.objectContaining({ name: 'purpose', fileName: null, sha256: sha256('ünïcode & "quotes"') }),
      {
        name: 'file',
        fileName: 'bytes.bin',
        type: 'application/x-test',
        bytes: 300_000,
        sha256: sha256(bytes),
      },
      expect.objectContaining({ fileName: 'zweite datei.txt', sha256: sha256('second') }),
    ])
  })

  test('the openai package uploads a file', async () => {
    const upload = servers.find((server) =>
      server.journal.calls.some((arrival) => arrival.target === '/v1/files'),
    )
    const page = await scene.open(`${site.origin}/`)
    await loadOpenAi(page)
    const answer = await page.evaluate(
      async (baseURL, apiKey) => {
        const { OpenAI } = globalThis as unknown as typeof import('openai')
        const client = new OpenAI({ apiKey, baseURL, dangerouslyAllowBrowser: true, maxRetries: 0 })
        const file = new File(['{"prompt":"a"}\n'], 'train.jsonl')
        return JSON.stringify(await client.files.create({ file, purpose: 'fine-tune' }))
      },
      `${upload?.url}/v1`,
      PLACEHOLDER,
    )
    const { parts } = JSON.parse(answer) as { parts: UploadedPart[] }
    expect(parts.map((part) => part.sha256)).toContain(sha256('{"prompt":"a"}\n'))
  })

  test('ModelsLab gets its key in the body, in the header or in the query, by path', async () => {
    const key = scene.canary('modelslab')
    const upstream = await startModelsLabUpstream(key)
    servers.push(upstream)
    const capability = 'modelslab-image'
    await scene.addService(
      { id: 'lab', preset: 'modelslab', baseUrl: upstream.url, capability, models: ['flux'] },
      key,
    )
    await scene.grant(site.origin, 'lab')
    await allow('lab-chat', 'lab', ['POST /api/v7/llm/chat/completions', 'GET /api/v7/models'])
    const page = await scene.open(`${site.origin}/`)
    const json = { 'content-type': 'application/json', authorization: `Bearer ${PLACEHOLDER}` }
    const ask = (path: string, body: object) =>
      call(page, `${upstream.url}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) })

    const picture = {
      key: PLACEHOLDER,
      prompt: 'a car',
      model_id: 'flux',
      samples: 1,
      width: 512,
      height: 512,
    }
    const made = await ask('/api/v6/images/text2img', picture)
    expect(JSON.parse(made.text)).toMatchObject({ status: 'success', meta: { prompt: 'a car' } })
    const sent = upstream.journal.last
    expect(JSON.parse(sent.body.toString('utf8'))).toMatchObject({ key, model_id: 'flux' })
    expect(headerOf(sent, 'authorization')).toBeNull()
    expect(arrivalText(sent)).not.toContain(PLACEHOLDER)

    const said = await ask('/api/v7/llm/chat/completions', { model: 'flux', messages: [] })
    expect(said).toMatchObject({ status: 200 })
    expect(headerOf(upstream.journal.last, 'authorization')).toBe(`Bearer ${key}`)
    expect(upstream.journal.last.body.toString('utf8')).not.toContain(key)

    const listed = await call(page, `${upstream.url}/api/v7/models?key=${PLACEHOLDER}&limit=3`)
    expect(JSON.parse(listed.text)).toEqual([{ model_id: 'flux', status: 'model_ready' }])
    expect(new URL(upstream.journal.last.target, upstream.url).searchParams.getAll('key')).toEqual([key])

    const before = upstream.journal.calls.length
    expect(await ask('/api/v6/images/text2img', { ...picture, model_id: 'other' })).toMatchObject({
      status: 403,
    })
    expect(await ask('/api/v6/images/text2img', { ...picture, webhook: 'https://evil.test' })).toMatchObject({
      status: 403,
    })
    expect(upstream.journal.calls).toHaveLength(before)
  })

  test('ModelsLab refuses the placeholder of a site without a grant, with status 200', async () => {
    const upstream = await startModelsLabUpstream('the-key-of-somebody')
    servers.push(upstream)
    const own = await startPageServer({ pages: { '/': BLANK } })
    servers.push(own)
    const response = await fetch(`${upstream.url}/api/v6/images/text2img`, {
      method: 'POST',
      body: JSON.stringify({ key: PLACEHOLDER }),
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'error', message: 'Invalid API Key' })
  })

  test('Jan on 127.0.0.1:1337 gets its key as Authorization and nothing else of the page', async () => {
    const key = scene.canary('jan')
    const upstream = await startJanUpstream(key)
    servers.push(upstream)
    const models = ['qwen3-4b']
    await scene.addService({ id: 'jan', preset: 'jan', capability: 'jan-chat', models }, key)
    await scene.grant(site.origin, 'jan')
    const page = await scene.open(`${site.origin}/`)
    const asked = { baseURL: `http://127.0.0.1:${JAN_PORT}/v1`, apiKey: PLACEHOLDER, prompt: 'hello' }
    expect(await chat(page, { ...asked, model: 'qwen3-4b' })).toMatchObject({
      status: 200,
      text: 'local words only',
    })
    const arrival = upstream.journal.last
    expect(headerOf(arrival, 'authorization')).toBe(`Bearer ${key}`)
    expect(headerOf(arrival, 'host')).toBe('127.0.0.1:1337')
    for (const name of FORBIDDEN_AT_JAN) expect(headerOf(arrival, name), name).toBeNull()
    const before = upstream.journal.calls.length
    const direct = { 'x-api-key': PLACEHOLDER, 'content-type': 'application/json' }
    const remote = { model: 'gpt-5', messages: [] }
    const target = `${asked.baseURL}/chat/completions`
    const spent = await call(page, target, { method: 'POST', headers: direct, body: JSON.stringify(remote) })
    expect(spent).toMatchObject({ status: 403, problem: 'denied' })
    // The models that Jan would call with the owner's cloud keys are not even listed.
    const listed = await call(page, `${asked.baseURL}/models`)
    expect(JSON.parse(listed.text).data.map(({ id }: { id: string }) => id)).toEqual(['qwen3-4b'])
    const tools = await call(page, `${asked.baseURL}/orchestrations`, { method: 'POST', body: '{}' })
    expect(tools).toMatchObject({ status: 403, problem: 'denied' })
    expect(upstream.journal.calls).toHaveLength(before + 1)
  })

  test('Jan’s plain-text refusals reach the page as they are', async () => {
    const page = await scene.open(`${site.origin}/`)
    const jan = servers.find((server) => server.port === JAN_PORT)
    expect(jan).toBeDefined()
    await scene.stage.valetkey.ask(['service', 'rotate', 'jan', '--secret-stdin'], 'not the key it wants')
    const end = await call(page, `http://127.0.0.1:${JAN_PORT}/v1/models`)
    expect(end).toMatchObject({ status: 401, problem: null, text: 'Invalid or missing authorization token' })
  })

  /** A bearer service by hand, with rules of its own, granted to the site. */
  async function addByHand(id: string, baseUrl: string, key: string, rules: string[]): Promise<void> {
    const auth = ['--base-url', baseUrl, '--auth', 'bearer', '--local', '--secret-stdin']
    await scene.stage.valetkey.ask(['service', 'add', id, ...auth], key)
    await allow(id, id, rules)
  }

  async function allow(id: string, service: string, rules: string[]): Promise<void> {
    const allowed = rules.flatMap((rule) => ['--allow', rule])
    await scene.stage.valetkey.ask(['capability', 'add', id, '--service', service, ...allowed])
    await scene.grant(site.origin, id)
  }
})

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
