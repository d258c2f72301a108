import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { FakePort } from './fake-browser.ts'

interface Grant {
  id: string
  origin: string
  topOrigin: string
}

interface CommandFrame {
  type: string
  id: number
  command: { name: string; origin?: string; topOrigin?: string; id?: string }
}

/** A stand-in for the host behind a fake native port: keeps grants, and answers commands as the test says. */
export class AnsweringHost {
  grants: Grant[] = []
  /** Names of the commands it was sent, in order. */
  ordered: string[] = []
  vault: 'locked' | 'unlocked' = 'unlocked'
  /** Turns that each answer takes. */
  turns = 0
  /** Commands that get no answer, by their names. */
  readonly silentOn = new Set<string>()
  /** How many of the next connects are refused. */
  refuseConnects = 0
  /** Told when a session starts. */
  onConnect: (command: object) => void = () => {}

  /** Answer what is sent to a port from now on, and say hello on it. */
  attach(port: FakePort): void {
    const take = port.postMessage.bind(port)
    port.postMessage = (frame) => {
      take(frame)
      void this.#answer(port, frame as CommandFrame)
    }
    port.onMessage.fire({ type: 'hello', protocol: PROTOCOL_VERSION, version: '1', vault: this.vault })
  }

  async #answer(port: FakePort, frame: CommandFrame): Promise<void> {
    for (let turn = 0; turn <= this.turns; turn++) await Promise.resolve()
    if (frame.type !== 'command') return
    const { id, command } = frame
    this.ordered.push(command.name)
    if (this.silentOn.has(command.name)) return
    if (this.vault === 'locked') {
      port.onMessage.fire({ type: 'refusal', id, code: 'vault-locked', message: 'the vault is locked' })
    } else if (command.name === 'connect' && this.refuseConnects > 0) {
      this.refuseConnects -= 1
      port.onMessage.fire({ type: 'refusal', id, code: 'unknown-capability', message: 'no such capability' })
    } else port.onMessage.fire({ type: 'reply', id, value: this.#carryOut(command) })
  }

  #carryOut(command: CommandFrame['command']): unknown {
    if (command.name === 'connect') {
      const { origin = '', topOrigin = '' } = command
      this.onConnect(command)
      this.grants.push({ id: crypto.randomUUID(), origin, topOrigin })
      return { origin }
    }
    if (command.name === 'grant-remove') this.grants = this.grants.filter(({ id }) => id !== command.id)
    return command.name === 'grant-list' ? structuredClone(this.grants) : null
  }
}
