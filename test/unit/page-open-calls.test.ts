import { expect, test } from 'vitest'
import { OpenCalls } from '../../extension/content/open-calls.ts'
import type { CallFrameToHost, CallFrameToPage } from '../../shared/protocol/call-frames.ts'
import { MAX_CALLS_PER_DOCUMENT } from '../../shared/protocol/limits.ts'

const ask = (id: number): CallFrameToHost => ({
  type: 'ask',
  id,
  method: 'GET',
  url: 'https://api.example.com/',
  headers: [],
  hasBody: false,
  bodyLength: 0,
  redirect: 'follow',
})
const head = (id: number): CallFrameToPage => ({
  type: 'head',
  id,
  status: 200,
  statusText: '',
  headers: [],
  url: 'https://a/',
  redirected: false,
})

test('frames of calls that are not open are dropped in both directions', () => {
  const calls = new OpenCalls()
  expect(calls.admit({ type: 'body-end', id: 1 })).toBe(false)
  expect(calls.deliver(head(1))).toBe(false)
  expect(calls.admit(ask(1))).toBe(true)
  expect(calls.admit(ask(1))).toBe(false)
  expect(calls.deliver(head(1))).toBe(true)
  expect(calls.deliver({ type: 'end', id: 1 })).toBe(true)
  expect(calls.deliver({ type: 'end', id: 1 })).toBe(false)
})

test('an ending is a problem before the head and a cut after it', () => {
  const calls = new OpenCalls()
  calls.admit(ask(1))
  calls.admit(ask(2))
  calls.deliver(head(2))
  expect(calls.failAll('host-unavailable')).toEqual([
    { type: 'problem', id: 1, code: 'host-unavailable' },
    { type: 'cut', id: 2, code: 'host-unavailable' },
  ])
  expect(calls.failAll('host-unavailable')).toEqual([])
})

test('a document has no more calls than it may', () => {
  const calls = new OpenCalls()
  for (let id = 1; id <= MAX_CALLS_PER_DOCUMENT; id++) {
    expect(calls.isFull()).toBe(false)
    calls.admit(ask(id))
  }
  expect(calls.isFull()).toBe(true)
  calls.close(1)
  expect(calls.isFull()).toBe(false)
})
