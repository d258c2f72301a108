import { randomBytes } from 'node:crypto'
import { PassThrough, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Problem } from '../../native-host/problem.ts'
import { chunkPayload, piecesOf } from '../../native-host/transport/chunk.ts'
import { frameBytes, type SentFrame } from '../../native-host/transport/frame-bytes.ts'
import { FrameReader } from '../../native-host/transport/frame-reader.ts'
import { Inflow } from '../../native-host/transport/inflow.ts'
import { Outflow } from '../../native-host/transport/outflow.ts'
import { Outlet } from '../../native-host/transport/outlet.ts'
import { CHUNK_BYTES, CREDIT_BYTES, MAX_FRAME_FROM_HOST, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import { framesIn } from '../../shared/protocol/several.ts'
import { chunkBytes } from '../support/chunk-bytes.ts'

type Chunk = { type: string; text?: string; base64?: string; deflate?: string; bytes?: number }

function wire() {
  const stream = new PassThrough({ highWaterMark: 64 * 1024 * 1024 })
  const reader = new FrameReader()
  const frames = () => {
    const found: object[] = []
    for (let bytes = stream.read(); bytes !== null; bytes = stream.read()) found.push(...reader.push(bytes))
    return found as Chunk[]
  }
  const messages = () =>
    (frames() as unknown[]).map((message) =>
      (framesIn(message) as { type: string; id: number }[]).map(({ type, id }) => `${type} ${id}`),
    )
  return { outlet: new Outlet(stream), frames, messages }
}

/** A frame as the browser reads it. */
function sentFrame(frame: SentFrame): Chunk {
  return [...new FrameReader().push(frameBytes(frame))][0] as Chunk
}

/** What no packing makes shorter. */
const NOISE = randomBytes(2 * WINDOW_BYTES)

async function* body(...parts: Uint8Array[]) {
  yield* parts
}

test('bytes come back from their payloads exactly, text as text and the rest as base64', () => {
  const cases = [
    Buffer.from('\uFEFFplain text with a byte order mark'),
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    Buffer.from('grüße 🚗').subarray(0, 9),
    Buffer.alloc(CHUNK_BYTES * 2 + 1, 0x01),
  ]
  for (const bytes of cases) {
    const back = [...piecesOf(bytes)].map((piece) =>
      chunkBytes(sentFrame({ type: 'chunk', id: 7, ...chunkPayload(piece) })),
    )
    expect(Buffer.concat(back).equals(bytes)).toBe(true)
  }
})

test('zeros go as base64: JSON would make six bytes of each', () => {
  const zeros = Buffer.alloc(1000)
  expect(sentFrame({ type: 'chunk', id: 7, ...chunkPayload(zeros) })).toEqual({
    type: 'chunk',
    id: 7,
    base64: zeros.toString('base64'),
  })
})

test('no chunk makes a frame above the limit, not even one of control characters that JSON escapes six to one', async () => {
  const { outlet, frames } = wire()
  const bytes = Buffer.alloc(CHUNK_BYTES, 0x01)
  // Behind noise, since of themselves they would go packed.
  await new Outflow(1, outlet).run(
    body(NOISE.subarray(0, CHUNK_BYTES), bytes, bytes),
    new AbortController().signal,
  )
  const sent = frames()
  expect(sent.map(({ type }) => type)).toEqual(['chunk', 'chunk', 'chunk', 'end'])
  for (const frame of sent) expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThan(MAX_FRAME_FROM_HOST)
})

const FIRST = CREDIT_BYTES + CHUNK_BYTES

test('a stream stops at the window and goes on with the credit it is given', async () => {
  const { outlet, frames } = wire()
  const outflow = new Outflow(1, outlet)
  const running = outflow.run(
    body(NOISE.subarray(0, WINDOW_BYTES + FIRST + 10)),
    new AbortController().signal,
  )
  await turn()
  const received = () => frames().reduce((sum, frame) => sum + chunkBytes(frame).length, 0)
  expect(received()).toBe(FIRST)
  outflow.credit(FIRST)
  await turn()
  expect(received()).toBe(WINDOW_BYTES)
  outflow.credit(10)
  await running
  expect(received()).toBe(10)
})

test.each([
  ['as it comes', CHUNK_BYTES],
  ['in odd pieces', CHUNK_BYTES - 1],
  ['in small pieces', 777],
])(
  'a page that says what it read only now and then never waits for the host that waits for it: %s',
  async (_how, piece) => {
    const { outlet, frames } = wire()
    const outflow = new Outflow(1, outlet)
    const pieces = Array.from({ length: Math.ceil((3 * WINDOW_BYTES) / piece) }, () =>
      NOISE.subarray(0, piece),
    )
    let isOver = false
    void outflow.run(body(...pieces), new AbortController().signal).then(() => {
      isOver = true
    })
    let [received, uncredited] = [0, 0]
    for (let rounds = 0; !isOver && rounds < 100; rounds++) {
      await turn()
      const bytes = frames().reduce((sum, frame) => sum + chunkBytes(frame).length, 0)
      received += bytes
      uncredited += bytes
      expect(uncredited).toBeLessThanOrEqual(WINDOW_BYTES)
      if (uncredited < CREDIT_BYTES) continue
      outflow.credit(uncredited)
      uncredited = 0
    }
    expect([isOver, received]).toEqual([true, pieces.length * piece])
  },
)

test('an abort ends a stream that waits for credit, without an `end`', async () => {
  const { outlet, frames } = wire()
  const abort = new AbortController()
  const running = new Outflow(1, outlet).run(body(Buffer.alloc(WINDOW_BYTES * 2)), abort.signal)
  await turn()
  abort.abort(new Error('revoked'))
  await expect(running).rejects.toThrow('revoked')
  expect(frames().some(({ type }) => type === 'end')).toBe(false)
})

test('what is found over by the look before a chunk sends neither the chunk nor an end', async () => {
  for (const most of [0, 1, 2]) {
    const { outlet, frames } = wire()
    const abort = new AbortController()
    let looks = 0
    const look = () => {
      if (looks++ === most) abort.abort(new Error('revoked'))
    }
    const running = new Outflow(1, outlet).run(body(Buffer.from('a'), Buffer.from('b')), abort.signal, look)
    await expect(running).rejects.toThrow('revoked')
    expect(frames().map(({ type }) => type)).toEqual(Array(most).fill('chunk'))
  }
})

test('chunks a slow browser has not been given are taken back, those of other calls and their order are kept', async () => {
  const held: (() => void)[] = []
  const given: string[] = []
  const reader = new FrameReader()
  const stream = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      for (const frame of [...reader.push(bytes)].flatMap(framesIn) as object[])
        given.push(JSON.stringify(Object.values(frame).slice(0, 2)))
      held.push(done)
    },
  })
  const outlet = new Outlet(stream)
  const big = 'x'.repeat(CHUNK_BYTES)
  for (const id of [1, 1, 2, 1]) outlet.send({ type: 'chunk', id, text: big })
  outlet.recall(1)
  outlet.send({ type: 'cut', id: 1, code: 'session-ended' })
  let flushed = false
  void outlet.flushed().then(() => {
    flushed = true
  })
  for (let turns = 0; turns < 10; turns++) {
    held.shift()?.()
    await turn()
  }
  // The first was in the pipe.
  expect(given).toEqual(['["chunk",1]', '["chunk",2]', '["cut",1]'])
  expect(flushed).toBe(true)
  expect(outlet.ready()).toBeNull()
})

/** A browser that reads one frame each time it is told to. */
function slowBrowser() {
  const held: (() => void)[] = []
  const given: string[] = []
  const reader = new FrameReader()
  const stream = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      for (const frame of [...reader.push(bytes)].flatMap(framesIn) as object[])
        given.push(JSON.stringify(Object.values(frame).slice(0, 2)))
      held.push(done)
    },
  })
  const read = async (frames: number) => {
    for (let n = 0; n < frames; n++) {
      held.shift()?.()
      await turn()
    }
  }
  return { outlet: new Outlet(stream), given, read }
}

test('a small answer of one site leaves before the megabyte of another that waits, each in its own order', async () => {
  const { outlet, given, read } = slowBrowser()
  const greedy = outlet.lane('greedy')
  for (let n = 0; n < 8; n++) greedy.send({ type: 'chunk', id: 1, text: 'x'.repeat(CHUNK_BYTES) })
  greedy.send({ type: 'end', id: 1 })
  for (const type of ['chunk', 'end'] as const)
    outlet.lane('modest').send({ type, id: 2, text: 'small' } as never)
  await read(20)
  expect(given.indexOf('["end",2]')).toBeLessThan(5)
  expect(given.indexOf('["chunk",2]')).toBeLessThan(given.indexOf('["end",2]'))
  expect(given.filter((frame) => frame.endsWith(',1]')).at(-1)).toBe('["end",1]')
  expect(given.length).toBe(11)
})

test('what follows the head of an answer at once is one message with it; alone it goes where nothing does', async () => {
  const writes: string[][] = []
  const reader = new FrameReader()
  const taken = (bytes: Buffer) => {
    for (const message of reader.push(bytes))
      writes.push(framesIn(message).map((frame) => (frame as Chunk).type))
  }
  const stream = new Writable({
    write: (bytes, _encoding, done) => done(void taken(bytes)),
    writev: (parts, done) => done(void taken(Buffer.concat(parts.map(({ chunk }) => chunk as Buffer)))),
  })
  const outlet = new Outlet(stream)
  const head = { type: 'head' as const, status: 200, statusText: '', headers: [], url: '', redirected: false }
  outlet.send({ ...head, id: 1, session: 's' })
  await Promise.resolve()
  expect(writes).toEqual([])
  outlet.send({ type: 'chunk', id: 1, text: 'x' })
  expect(writes).toEqual([])
  outlet.send({ type: 'end', id: 1 })
  expect(writes).toEqual([['head', 'chunk', 'end']])
  await turn()
  outlet.send({ ...head, id: 2, session: 's' })
  expect(writes).toHaveLength(1)
  await turn()
  await turn()
  expect(writes.slice(1)).toEqual([['head']])
  outlet.send({ type: 'chunk', id: 2, text: 'x' })
  expect(writes.slice(2)).toEqual([['chunk']])
})

test('frames of one site alone are one message, of calls alone, and no longer than is cheap', async () => {
  const { outlet, messages } = wire()
  const head = { type: 'head' as const, status: 200, statusText: '', headers: [], url: '', redirected: false }
  const begin = (id: number, site: string, text: string) => {
    outlet.lane(site).send({ ...head, id, session: 's' })
    outlet.lane(site).send({ type: 'chunk', id, text })
  }
  begin(1, 'one', 'a')
  begin(2, 'other', 'b')
  outlet.send({ type: 'catch', document: 1, baseUrls: [] })
  expect(messages()).toEqual([['head 1', 'chunk 1'], ['head 2', 'chunk 2'], ['catch undefined']])
  begin(3, 'one', 'x'.repeat(9000))
  begin(4, 'one', 'x'.repeat(9000))
  await turn()
  await turn()
  expect(messages()).toEqual([['head 3', 'chunk 3', 'head 4'], ['chunk 4']])
})

test('an acknowledgement comes after all that was sent before it, whosever that is', async () => {
  const { outlet, given, read } = slowBrowser()
  for (const id of [1, 1, 2, 2])
    outlet.lane(`site ${id}`).send({ type: 'chunk', id, text: 'x'.repeat(CHUNK_BYTES) })
  outlet.send({ type: 'reply', id: 9, value: null })
  outlet.lane('site 3').send({ type: 'chunk', id: 3, text: 'later' })
  await read(10)
  expect(given.length).toBe(6)
  expect(given.at(-1)).toBe('["reply",9]')
})

test('of a hundred streams that wait for the same room no more than one takes it', async () => {
  const { outlet, given, read } = slowBrowser()
  const abort = new AbortController()
  const lane = outlet.lane('greedy')
  let sent = 0
  const send: typeof lane.send = (frame) => {
    if (frame.type === 'chunk') sent += 1
    lane.send(frame)
  }
  const counted = { ...lane, send }
  const running = Array.from({ length: 100 }, (_, id) =>
    new Outflow(id, counted).run(body(NOISE.subarray(0, CHUNK_BYTES * 8)), abort.signal),
  )
  for (let round = 0; round < 30; round++) {
    await read(1)
    const left = given.filter((frame) => frame.startsWith('["chunk"')).length
    // What fills a megabyte, and the frame that was put into the pipe.
    expect(sent - left).toBeLessThanOrEqual(9)
  }
  expect(given.length).toBeGreaterThan(25)
  abort.abort(new Error('over'))
  const ended = await Promise.allSettled(running)
  // Those that had sent all they had are over.
  expect(ended.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(90)
})

test('chunks that were taken back leave room for the other streams of their site', async () => {
  const { outlet } = slowBrowser()
  const lane = outlet.lane('greedy')
  for (let n = 0; n < 10; n++) lane.send({ type: 'chunk', id: 1, text: 'x'.repeat(CHUNK_BYTES) })
  expect([lane.isFull(), outlet.lane('modest').isFull()]).toEqual([true, false])
  const ready = lane.ready()
  expect(ready).not.toBeNull()
  outlet.recall(1)
  expect([lane.isFull(), lane.ready()]).toEqual([false, null])
  await ready
})

test('the look before an end is told that it is one, and comes after all turns that were waited for', async () => {
  const { outlet, frames } = wire()
  const order: string[] = []
  async function* inTurns() {
    yield Buffer.from('a')
    await turn()
    order.push('turn')
  }
  const look = (isEnd: boolean) => void order.push(isEnd ? 'look for the end' : 'look')
  await new Outflow(1, outlet).run(inTurns(), new AbortController().signal, look)
  expect(order).toEqual(['look', 'turn', 'look for the end'])
  expect(frames().map(({ type }) => type)).toEqual(['chunk', 'end'])
})

test('an abort ends a stream that waits for a browser which reads nothing', async () => {
  const outlet = new Outlet(new Writable({ highWaterMark: 1, write: () => {} }))
  for (let n = 0; n < 12; n++) outlet.send({ type: 'chunk', id: 7, text: 'x'.repeat(CHUNK_BYTES) })
  const abort = new AbortController()
  const running = new Outflow(1, outlet).run(body(Buffer.from('a')), abort.signal)
  await turn()
  abort.abort(new Error('revoked'))
  await expect(running).rejects.toThrow('revoked')
})

test('a stream waits while the browser does not read', async () => {
  const held: (() => void)[] = []
  const stream = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void held.push(done) })
  const outlet = new Outlet(stream)
  const outflow = new Outflow(1, outlet)
  const abort = new AbortController()
  const running = outflow.run(
    body(...Array.from({ length: 40 }, () => NOISE.subarray(0, CHUNK_BYTES))),
    abort.signal,
  )
  const credit = setInterval(() => outflow.credit(WINDOW_BYTES), 1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(stream.writableLength).toBeLessThan(2 * WINDOW_BYTES)
  clearInterval(credit)
  abort.abort(new Error('over'))
  outlet.close()
  outflow.credit(1)
  await expect(running).rejects.toThrow('over')
})

const TEXT = Buffer.from('{"object":"list","data":[]}\n'.repeat(40_000))

test('a long text goes packed, in frames that each hold no more than any other, and by the same credit', async () => {
  const { outlet, frames } = wire()
  const outflow = new Outflow(1, outlet)
  const long = TEXT.subarray(0, WINDOW_BYTES)
  const running = outflow.run(body(long), new AbortController().signal)
  await turn()
  const first = frames()
  expect(first.map(({ type, bytes }) => [type, bytes])).toEqual(Array(3).fill(['packed', CHUNK_BYTES]))
  outflow.credit(CREDIT_BYTES)
  await running
  const all = [...first, ...frames()]
  expect(all.at(-1)?.type).toBe('end')
  expect(Buffer.concat(all.map(chunkBytes)).equals(long)).toBe(true)
})

test('packing waits for its turn, and what is revoked meanwhile is neither packed nor sent', async () => {
  const { outlet, frames } = wire()
  const asked: number[] = []
  const turns: (() => void)[] = []
  const slice = (bytes: number) => {
    asked.push(bytes)
    return new Promise<void>((resolve) => turns.push(resolve))
  }
  const abort = new AbortController()
  const running = new Outflow(1, outlet, slice).run(body(Buffer.from('short'), TEXT), abort.signal)
  await turn()
  expect([asked, frames().map(chunkBytes).join()]).toEqual([[CHUNK_BYTES], 'short'])
  abort.abort(new Error('revoked'))
  turns.shift()?.()
  await expect(running).rejects.toThrow('revoked')
  expect(frames()).toEqual([])
})

test('a packed chunk that the browser has not been given is taken back like any other', async () => {
  const { outlet, given, read } = slowBrowser()
  outlet.send({ type: 'chunk', id: 2, text: 'x'.repeat(CHUNK_BYTES) })
  for (const id of [1, 2]) outlet.send({ type: 'packed', id, bytes: 20_000, deflate: 'AAAA' })
  outlet.recall(1)
  await read(4)
  expect(given).toEqual(['["chunk",2]', '["packed",2]'])
})

test('reading a request body gives the page credit for what was read', async () => {
  const credits: number[] = []
  const inflow = new Inflow((bytes) => credits.push(bytes))
  inflow.push(Buffer.from('one'))
  inflow.push(Buffer.from('three'))
  inflow.end()
  const read: string[] = []
  for await (const part of inflow) read.push(Buffer.from(part).toString())
  expect(read).toEqual(['one', 'three'])
  expect(credits).toEqual([3, 5])
})

test('a request body is read, and credit given for it, in its turn only; what fails meanwhile is not read', async () => {
  const credits: number[] = []
  const turns: (() => void)[] = []
  const slice = () => new Promise<void>((resolve) => turns.push(resolve))
  const inflow = new Inflow((bytes) => credits.push(bytes), slice)
  for (const text of ['one', 'three']) inflow.push(Buffer.from(text))
  const body = inflow[Symbol.asyncIterator]()
  const first = body.next()
  await turn()
  expect([credits, turns.length]).toEqual([[], 1])
  turns[0]?.()
  expect((await first).value).toEqual(Buffer.from('one'))
  expect(credits).toEqual([3])
  const second = body.next()
  await turn()
  inflow.fail(new Problem('session-ended', 'session-ended'))
  turns[1]?.()
  await expect(second).rejects.toMatchObject({ code: 'session-ended' })
  expect(credits).toEqual([3])
})

test('a page that sends more than its window fails its own body and nothing else', async () => {
  const inflow = new Inflow(() => {})
  inflow.push(Buffer.alloc(WINDOW_BYTES))
  inflow.push(Buffer.alloc(1))
  await expect(inflow[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(Problem)
})

test('a reader that waits for more gets the failure that comes instead', async () => {
  const inflow = new Inflow(() => {})
  const next = inflow[Symbol.asyncIterator]().next()
  inflow.fail(new Problem('session-ended', 'session-ended'))
  await expect(next).rejects.toMatchObject({ code: 'session-ended' })
})
