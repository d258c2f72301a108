import type { Said } from '../../shared/model/said.ts'
import type { Command, CommandName, CommandResults } from '../../shared/protocol/commands.ts'
import type { RefusalCode } from '../../shared/protocol/refusals.ts'
import type { HostPort } from './host-port.ts'

/** Why a command was not carried out. */
export class CommandRefusal extends Error {
  /** One of `REFUSALS`, or one that a newer host knows. */
  readonly code: string
  /** The message with its values apart, where the host says it so. */
  readonly said: Said | undefined

  constructor(code: RefusalCode | (string & {}), message: string, said?: Said) {
    super(message)
    this.name = 'CommandRefusal'
    this.code = code
    this.said = said
  }
}

const NO_HOST = {
  connecting: ['host-exited', 'the host ended before it answered'],
  connected: ['host-exited', 'the host ended before it answered'],
  missing: ['host-missing', 'the native host is not installed'],
  forbidden: ['host-forbidden', 'the native host is not set up for this extension'],
  mismatch: ['host-mismatch', 'the native host and the extension speak different versions'],
  exited: ['host-exited', 'the native host could not be started, or ended'],
} as const

interface Waiting {
  name: CommandName
  resolve(value: unknown): void
  reject(refusal: CommandRefusal): void
}

/** Sends commands to the host and gives each its own answer. */
export class HostCommands {
  readonly #host: HostPort
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1

  constructor(host: HostPort) {
    this.#host = host
    host.onFrame.add((frame) => {
      if (frame.type === 'reply') this.#take(frame.id)?.resolve(frame.value)
      if (frame.type === 'refusal')
        this.#take(frame.id)?.reject(new CommandRefusal(frame.code, frame.message, frame.said))
    })
    host.onLost.add(() => this.#hostLost())
  }

  /** Order something of the host, which is started where it is not running. @throws CommandRefusal */
  async send<C extends Command>(command: C): Promise<CommandResults[C['name']]> {
    if (!(await this.#host.open())) throw this.#noHost()
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<CommandResults[C['name']]>()
    this.#waiting.set(id, {
      name: command.name,
      resolve: (value) => resolve(value as CommandResults[C['name']]),
      reject,
    })
    if (!this.#host.send({ type: 'command', id, command })) this.#take(id)?.reject(this.#noHost())
    return await promise
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #hostLost(): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { name, resolve, reject } of waiting) {
      // Locking ends the host, so that its end is as good an answer.
      if (name === 'vault-lock') resolve(null)
      else reject(this.#noHost())
    }
  }

  #noHost(): CommandRefusal {
    const [code, message] = NO_HOST[this.#host.state.host]
    return new CommandRefusal(code, message)
  }
}
