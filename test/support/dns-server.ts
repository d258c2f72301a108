import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'

/** What a name stands for: addresses and, before them, at most one other name. */
export type Zone = (name: string, asked: number) => readonly string[]

/** A real name server on a UDP port of this machine, for A, AAAA and CNAME. */
export interface DnsServer {
  /** Questions so far, of any type. */
  readonly questions: string[]
  /**
   * Ask it for both kinds of addresses, as the system's resolver asks its own: over UDP, with Node's c-ares client.
   * (The system's resolver itself takes no port, so that no test can point it here.)
   */
  resolve(hostname: string): Promise<{ address: string }[]>
  close(): Promise<void>
}

const TYPES = { A: 1, CNAME: 5, AAAA: 28 }

/** Start it on 127.0.0.1. @param zone told how often the name was asked for before, once for both types. */
export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const questions: string[] = []
  const rounds = new Map<string, number>()
  const server = createSocket('udp4', (message, from) => {
    const { name, type, end } = questionOf(message)
    const asked = rounds.get(`${type} ${name}`) ?? 0
    rounds.set(`${type} ${name}`, asked + 1)
    questions.push(name)
    server.send(answerOf(message.subarray(0, end), name, type, zone(name, asked)), from.port, from.address)
  })
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  resolver.setServers([`127.0.0.1:${server.address().port}`])
  return {
    questions,
    async resolve(hostname) {
      const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
      return found
        .flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
        .map((address) => ({ address }))
    },
    async close() {
      resolver.cancel()
      await new Promise<void>((resolve) => server.close(resolve))
    },
  }
}

/** RFC 1035 section 4.1.2: the one question behind the twelve bytes of the header. */
function questionOf(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 }
}

function answerOf(question: Buffer, name: string, type: number, values: readonly string[]): Buffer {
  const alias = values.find((value) => isIP(value) === 0)
  const fits = values.filter((value) => isIP(value) === (type === TYPES.A ? 4 : 6))
  const owner = alias ?? name
  const records = [
    ...(alias === undefined ? [] : [record(name, TYPES.CNAME, encoded(alias))]),
    ...fits.map((value) => record(owner, type, type === TYPES.A ? bytesOf4(value) : bytesOf6(value))),
  ]
  const head = Buffer.from(question)
  // RFC 1035 section 4.1.1: a response with recursion, NXDOMAIN where nothing is known of the name, one question.
  head.writeUInt16BE(values.length === 0 ? 0x8183 : 0x8180, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...records])
}

function record(name: string, type: number, value: Buffer): Buffer {
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(type, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt16BE(value.length, 8)
  return Buffer.concat([encoded(name), fixed, value])
}

function encoded(name: string): Buffer {
  return Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.of(0),
  ])
}

const bytesOf4 = (address: string) => Buffer.from(address.split('.').map(Number))

/** An IPv6 address without an IPv4 tail. */
function bytesOf6(address: string): Buffer {
  const [left = '', right] = address.split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const [before, after] = [groups(left), groups(right ?? '')]
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
