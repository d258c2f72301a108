import { describe, expect, test } from 'vitest'
import { QueueAnswer, type QueueWord } from '../../native-host/broker/queue-answer.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import type { Service } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import { bytes } from './policy-fixture.ts'

const HOST = 'https://modelslab.com'
const preset = presetById('modelslab')
if (preset === null) throw new Error('no preset')
const LAB = serviceFromPreset(preset, { id: 'lab' })

/** What is believed of a POST with this JSON body that is answered so; undefined: nobody reads its answer. */
function said(
  path: string,
  body: object,
  answer: string | object,
  service: Service = LAB,
): QueueWord | null | undefined {
  const headers = [['content-type', 'application/json']] as const
  const canonical = canonicalise({ method: 'POST', url: `${HOST}${path}`, headers }, service)
  if ('refused' in canonical) throw new Error(canonical.refused)
  const { request } = canonical
  const reader = QueueAnswer.for({ request, service }, bytes(JSON.stringify(body)))
  const whole = bytes(typeof answer === 'string' ? answer : JSON.stringify(answer))
  for (let at = 0; at < whole.length; at += 16_384) reader?.push(whole.subarray(at, at + 16_384))
  return reader?.end()
}

const ended = (...call: Parameters<typeof said>) => said(...call)?.over ?? null
const [BY_PATH, BY_BODY] = ['/api/v6/images/fetch/41', '/api/v6/images/fetch']
const DONE = { status: 'success', output: [] }

describe('an answer to a call that asks for the result of a job', () => {
  test.each([
    ['its path', BY_PATH, {}],
    ['its path, with a last slash', `${BY_PATH}/`, {}],
    ['its body', BY_BODY, { request_id: 41 }],
    ['both', BY_PATH, { request_id: '41' }],
    ['its path, none in its body', BY_PATH, { request_id: null }],
  ])('ends the one that is named by %s', (_, path, body) => {
    expect(ended(path, body, DONE)).toBe('41')
    expect(ended(path, body, { ...DONE, id: 41 })).toBe('41')
    expect(ended(path, body, { status: 'failed' })).toBe('41')
  })

  test.each([
    ['another in its body', BY_PATH, { request_id: '42' }],
    ['another in its body and a last slash', `${BY_PATH}/`, { request_id: '42' }],
    ['what is no id in its body', BY_PATH, { request_id: ['42'] }],
    ['none anywhere', BY_BODY, {}],
  ])('ends none where there is %s', (_, path, body) => {
    expect(ended(path, body, DONE)).toBeNull()
    expect(ended(path, body, { ...DONE, id: 42 })).toBeNull()
  })

  test.each([
    ['says that it waits', { status: 'processing', id: 41 }],
    ['is a refusal', { status: 'error', message: 'Invalid API Key' }],
    ['has a word of which nothing is known', { status: 'paused', id: 41 }],
    ['is of another job', { status: 'success', id: 42 }],
    ['is of no job one could name', { status: 'success', id: '' }],
    ['has no state', { id: 41 }],
    ['is no JSON', '<html>'],
  ])('ends none where it %s', (_, answer) => {
    expect(ended(BY_PATH, {}, answer)).toBeNull()
  })

  test('is read by the words of its queue, and by `success` and `failed` where it has none', () => {
    const { queue } = LAB
    if (queue === undefined) throw new Error('no queue')
    const { over: _, ...older } = queue
    const states = (service: Service) =>
      ['success', 'failed', 'error', 'done'].filter(
        (status) => ended(BY_PATH, {}, { status }, service) !== null,
      )
    expect(states({ ...LAB, queue: older })).toEqual(['success', 'failed'])
    expect(states({ ...LAB, queue: { ...queue, over: ['done'] } })).toEqual(['done'])
  })
})

describe('an answer to a call that may make a job', () => {
  const IMAGE = '/api/v6/images/text2img'
  const LONG = 'x'.repeat(64 * 1024)

  test('says which one waits, or that none does', () => {
    const waits = { id: '41', seconds: 9 }
    expect(said(IMAGE, {}, { status: 'processing', id: 41, eta: 9 })).toEqual({ waits, over: null })
    for (const status of ['success', 'error', 'failed'])
      expect(said(IMAGE, {}, { status })).toEqual({ waits: null, over: null })
  })

  test.each([
    ['longer than is read', { status: 'processing', id: 41, meta: { prompt: LONG } }],
    ['no JSON', '{"status":"processing"'],
    ['without a state', { id: 41 }],
    ['with a state that is no text', { status: 1 }],
    ['empty', ''],
  ])('leaves it unknown where it is %s', (_, answer) => {
    expect(said(IMAGE, {}, answer)).toBeNull()
    expect(said(BY_PATH, {}, answer)).toEqual({ waits: null, over: null })
  })

  test('is not looked at for a list of models, but for what only looks like one', () => {
    for (const path of ['/api/v4/dreambooth/model_list', '/api/v3/model_list'])
      expect([said(path, {}, '[]'), said(`${path}/`, {}, '[]')]).toEqual([undefined, null])
  })
})
