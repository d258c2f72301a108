import { Socket } from 'node:net'
import { AnswerSchema, type Ask, Lines, readLine } from './attendant-frames.ts'
import { isFault, ReferenceFault } from './fault.ts'
import type { Fetch } from './fetcher.ts'
import type { PackedReference } from './packed-reference.ts'

/** Where a host that has an attendant finds the pipe to it. */
export const ATTENDANT_FD = 3

interface Waiting {
  resolve(secret: Uint8Array): void
  reject(why: unknown): void
}

/**
 * The host's end of the pipe to its attendant: the process that started it, holds no key, and fetches what needs programs
 * and files.
 */
export class Attendant {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  /** @param gone called when the attendant has ended: its host is to end too. */
  constructor(socket: Socket, gone: () => void) {
    this.#socket = socket
    const lines = new Lines()
    socket.on('error', () => {})
    socket.on('close', gone)
    socket.setEncoding('utf8').on('data', (text) => {
      try {
        for (const line of lines.push(String(text))) this.#take(line)
      } catch {
        socket.destroy()
      }
    })
  }

  /** The attendant this process was started by. */
  static ofThisProcess(gone: () => void): Attendant {
    return new Attendant(new Socket({ fd: ATTENDANT_FD }), gone)
  }

  readonly fetch: Fetch = async (packed, input, signal) => {
    signal.throwIfAborted()
    this.#lastId += 1
    const id = this.#lastId
    const onAbort = () => {
      this.#send({ cancel: id })
      this.#waiting.get(id)?.reject(signal.reason)
    }
    try {
      signal.addEventListener('abort', onAbort)
      return await this.#answer(id, packed, input)
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#waiting.delete(id)
    }
  }

  #answer(id: number, packed: PackedReference, input: Uint8Array | null): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#send({
        id,
        packed: Buffer.from(packed.bytes()).toString('base64'),
        input: input === null ? null : Buffer.from(input).toString('base64'),
      })
    })
  }

  #send(ask: Ask): void {
    this.#socket.write(`${JSON.stringify(ask)}\n`)
  }

  #take(line: string): void {
    const answer = readLine(AnswerSchema, line)
    if (answer === undefined) throw new RangeError('no answer of ours')
    const waiting = this.#waiting.get(answer.id)
    if ('secret' in answer) waiting?.resolve(Buffer.from(answer.secret, 'base64'))
    else
      waiting?.reject(new ReferenceFault(isFault(answer.fault) ? answer.fault : 'reference-program-failed'))
  }
}
