import { CHUNK_BYTES } from '../../../shared/protocol/limits.ts'

/** The page of the tiny extension. */
export const RAW_PAGE =
  '<!doctype html><meta charset="utf-8"><title>Raw wire</title><script src="wire.js"></script>'

/** Its worker: answers who wakes it, by way of the host where it is asked to. */
export const RAW_WORKER = `
chrome.runtime.onMessage.addListener((message, sender, answer) => {
  if (message === 'awake?') return void answer('awake')
  const port = chrome.runtime.connectNative('org.valetkey.bench.raw')
  port.onMessage.addListener((frame) => answer(frame))
  port.postMessage({ echo: message })
  return true
})`

/** Its script: functions that the bench calls. Chunks are as long as ours, binary as base64, as on our wire. */
export const RAW_SCRIPT = `
const port = chrome.runtime.connectNative('org.valetkey.bench.raw')
let take = () => {}
port.onMessage.addListener((frame) => take(frame))
const next = () => new Promise((resolve) => { take = resolve })

/** MB/s of so many bytes from the host, decoded here. */
async function down(bytes) {
  const started = performance.now()
  let got = 0
  const over = new Promise((resolve) => {
    take = ({ base64 }) => {
      got += Uint8Array.fromBase64(base64).length
      if (got >= bytes) resolve()
    }
  })
  port.postMessage({ down: bytes })
  await over
  return got / 1000 / (performance.now() - started)
}

/** MB/s of so many bytes to the host, which decodes them and says when it has all. */
async function up(bytes) {
  const chunk = new Uint8Array(${CHUNK_BYTES})
  for (let at = 0; at < chunk.length; at += 65536) crypto.getRandomValues(chunk.subarray(at, at + 65536))
  const started = performance.now()
  const answer = next()
  for (let sent = 0; sent < bytes; sent += chunk.length) port.postMessage({ up: chunk.toBase64(), of: bytes })
  await answer
  return bytes / 1000 / (performance.now() - started)
}

/** Milliseconds of a small message there and back, each. */
async function echo(times) {
  const took = []
  for (let at = 0; at < times; at++) {
    const started = performance.now()
    const answer = next()
    port.postMessage({ echo: 'a small message, as long as the head of a call is, more or less'.repeat(4) })
    await answer
    took.push(performance.now() - started)
  }
  return took
}
`

/** The tiny host. */
export const RAW_HOST = `
import { randomBytes } from 'node:crypto'
const chunk = randomBytes(${CHUNK_BYTES})
let pending = Buffer.alloc(0)
let received = 0
const send = (frame) => {
  const body = Buffer.from(JSON.stringify(frame))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(body.length)
  return process.stdout.write(Buffer.concat([head, body]))
}
async function flood(bytes) {
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    if (!send({ base64: chunk.toString('base64') })) await new Promise((resolve) => process.stdout.once('drain', resolve))
  }
}
function take(frame) {
  if (frame.echo !== undefined) send({ echo: frame.echo })
  if (frame.down !== undefined) void flood(frame.down)
  if (frame.up === undefined) return
  received += Buffer.from(frame.up, 'base64').length
  if (received < frame.of) return
  received = 0
  send({ taken: frame.of })
}
let parts = []
let length = 0
process.stdin.on('data', (bytes) => {
  parts.push(bytes)
  length += bytes.length
  for (;;) {
    if (pending.length < 4 || pending.length < 4 + pending.readUInt32LE(0)) {
      const wanted = pending.length < 4 ? 4 : 4 + pending.readUInt32LE(0)
      if (length + pending.length < wanted || parts.length === 0) return
      pending = Buffer.concat([pending, ...parts])
      parts = []
      length = 0
      continue
    }
    const end = 4 + pending.readUInt32LE(0)
    take(JSON.parse(pending.toString('utf8', 4, end)))
    pending = pending.subarray(end)
  }
})
process.stdin.on('end', () => process.exit(0))
`
