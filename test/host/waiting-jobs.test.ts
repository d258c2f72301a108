import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { runningCallsOf, waitingReservations } from '../../native-host/budgets/reservation-rows.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { labCapability, labVault, MODEL } from '../support/lab-vault.ts'
import { NativeHost } from '../support/native-host.ts'
import type { OwnedVault } from '../support/owned-vault.ts'
import {
  type LoopbackServer,
  readBody,
  sendJson,
  startLoopbackServer,
} from '../support/upstreams/loopback-server.ts'

/** ModelsLab's queue, of which one account has five places, with two real host processes at one vault. */
// Up to three host processes start in one test, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const KEY = 'lab-0123456789abcdefghijklmnopqrstuvwxyz'
const SITE = 'https://agent.example'
const OTHER_SITE = 'https://other.example'
const IMAGE = '/api/v6/images/text2img'
const JSON_TYPE: [string, string] = ['content-type', 'application/json']

let lab: LoopbackServer
/** What the service says of each job when it is asked. */
let states: Map<string, string>
let vault: OwnedVault
let hosts: NativeHost[]

beforeEach(async () => {
  states = new Map()
  hosts = []
  let last = 40_000
  lab = await startLoopbackServer(async (request, response) => {
    const asked = JSON.parse((await readBody(request)).toString('utf8')) as Record<string, unknown>
    if (asked.key !== KEY) return sendJson(response, 200, { status: 'error', message: 'Invalid API Key' })
    const path = request.url ?? ''
    if (!path.includes('/fetch')) {
      if (asked.prompt === 'ready') return sendJson(response, 200, { status: 'success', id: 1, output: [] })
      if (asked.prompt === 'full') return sendJson(response, 429, { status: 'error', message: 'queue full' })
      if (asked.prompt === 'cut') {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"status":')
        return
      }
      last += 1
      states.set(String(last), 'processing')
      const meta = asked.prompt === 'long' ? { prompt: 'x'.repeat(64 * 1024) } : {}
      const fetch_result = `${lab.url}/api/v6/images/fetch/${last}`
      return sendJson(response, 200, { status: 'processing', eta: 300, id: last, fetch_result, meta })
    }
    // As the service does: by the path, where it names one.
    const id = path.endsWith('/fetch') ? String(asked.request_id) : (path.split('/').at(-1) ?? '')
    sendJson(response, 200, { status: states.get(id) ?? 'failed', id: Number(id), output: [] })
  })
  vault = await labVault(lab.url, KEY)
  for (const id of ['modelslab-image', 'modelslab-poll']) {
    const capability = labCapability(id, lab.url)
    putCapability(vault.store, vault.keys, capability)
    for (const site of [SITE, OTHER_SITE]) vault.connect(site, capability)
  }
})
afterEach(async () => {
  for (const host of hosts) await host.close()
  await vault.remove()
  await lab.close()
})

interface Page {
  readonly host: NativeHost
  readonly document: number
}

/** A page with a host process of its own. */
async function page(origin: string): Promise<Page> {
  const host = await NativeHost.start(vault.home)
  hosts.push(host)
  const { id } = await host.document({ origin })
  return { host, document: id }
}

async function post({ host, document }: Page, path: string, body: object) {
  const call = host.ask(document, 'POST', `${lab.url}${path}`, {
    headers: [JSON_TYPE],
    body: JSON.stringify(body),
  })
  const ended = await call.ended()
  if (ended.type !== 'end') return ended.code
  const { status, id } = JSON.parse(await call.text()) as { status: string; id: number }
  return { status, id }
}

const picture = (on: Page, prompt = 'a car') => post(on, IMAGE, { prompt, model_id: MODEL })

/** A picture that takes its time; its number. */
async function started(on: Page): Promise<number> {
  const answer = await picture(on)
  if (typeof answer === 'string') throw new Error(answer)
  expect(answer.status).toBe('processing')
  return answer.id
}

test('jobs that wait keep their places over two hosts and a host’s end, until one is fetched, has failed, or is named in a body', async () => {
  const [one, two] = [await page(SITE), await page(OTHER_SITE)]
  const [first, second, third] = [await started(one), await started(one), await started(two)]
  // Two for one site, three for all: each host knows of the other's.
  expect([await picture(one), await picture(two)]).toEqual(['rate-limited', 'rate-limited'])
  expect(runningCallsOf(vault.store, vault.keys, 'modelslab-image')).toBe(0)
  const [refusal] = listAudit(vault.store, vault.keys, { limit: 5 }).filter(({ kind }) => kind === 'refusal')
  expect(refusal).toMatchObject({ reason: 'concurrency-limited' })

  // A look at a job that still waits changes nothing; one that says it is over does, in whichever process it is made.
  expect(await post(two, `/api/v6/images/fetch/${first}`, {})).toMatchObject({ status: 'processing' })
  expect(await picture(two)).toBe('rate-limited')
  // Nor does one job's end where the body names another, for which its site would like to have the place back.
  states.set('1', 'success')
  const crossed = await post(two, '/api/v6/images/fetch/1', { request_id: third })
  expect([crossed, await picture(two)]).toEqual([{ status: 'success', id: 1 }, 'rate-limited'])
  states.set(String(first), 'success')
  expect(await post(two, `/api/v6/images/fetch/${first}`, {})).toMatchObject({ status: 'success' })
  const fourth = await started(two)
  expect(await picture(one)).toBe('rate-limited')

  states.set(String(second), 'failed')
  await post(one, '/api/v6/images/fetch', { request_id: second })
  expect(
    waitingReservations(vault.store, vault.keys)
      .map(({ waits }) => waits.job)
      .sort(),
  ).toEqual([third, fourth].map(String))
  await one.host.close()
  const again = await page(SITE)
  const fifth = await started(again)
  await two.host.close()
  expect(await picture(again)).toBe('rate-limited')
  // What a service refuses says nothing of the job.
  states.set(String(fifth), 'error')
  await post(again, `/api/v6/images/fetch/${fifth}`, {})
  expect(await picture(again)).toBe('rate-limited')
  states.set(String(fifth), 'failed')
  await post(again, `/api/v6/images/fetch/${fifth}`, {})
  await started(again)
})

test('what is ready at once and what the service refuses hold none; a call cut before its answer is taken to have left one', async () => {
  const on = await page(SITE)
  for (let n = 0; n < 3; n += 1) expect(await picture(on, 'ready')).toMatchObject({ status: 'success' })
  for (let n = 0; n < 3; n += 1) expect(await picture(on, 'full')).toMatchObject({ status: 'error' })
  expect(waitingReservations(vault.store, vault.keys)).toEqual([])

  const body = JSON.stringify({ prompt: 'cut', model_id: MODEL })
  const call = on.host.ask(on.document, 'POST', `${lab.url}${IMAGE}`, { headers: [JSON_TYPE], body })
  await call.head()
  call.cancel()
  const left = () => waitingReservations(vault.store, vault.keys).map(({ waits }) => waits.job)
  await vi.waitFor(() => expect(left()).toEqual([null]), { timeout: 30_000, interval: 20 })
  // So is one whose answer its page made longer than is read.
  expect(await picture(on, 'long')).toMatchObject({ status: 'processing' })
  expect([left(), await picture(on)]).toEqual([[null, null], 'rate-limited'])
})
