import { type ChildProcess, spawn } from 'node:child_process'
import { eventually } from './eventually.ts'

/** How long a command may take to begin on a busy machine, in milliseconds. Nothing waits so long where it has begun. */
const START_MS = 50_000

/** A command at a real pseudo-terminal of 100 columns and 30 lines, by `script` of util-linux, with a person's keys. */
export class TypedTerminal {
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  #shown = ''

  /** @param words of the command: none may hold a single quote. */
  constructor(words: readonly string[], env: Record<string, string>) {
    if (words.some((word) => word.includes("'"))) throw new Error('a word with a quote')
    const line = `stty rows 30 cols 100; exec ${words.map((word) => `'${word}'`).join(' ')}`
    this.#child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...env, SHELL: '/bin/sh' } })
    this.#child.stdin?.on('error', () => {})
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#shown += bytes.toString('utf8')
    })
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      this.#child.once('close', resolve)
    })
  }

  /** Everything that was ever on the screen, with what steers it. */
  get shown(): string {
    return this.#shown
  }

  /** Type as soon as the screen has shown a text since the last keys. */
  async typeAt(text: string, keys: string): Promise<void> {
    const from = this.#from
    await eventually(
      `the terminal shows ${text}`,
      () => this.#shown.slice(from),
      (shown) => shown.includes(text),
      START_MS,
    )
    this.#from = this.#shown.length
    this.#child.stdin?.write(keys)
  }
  #from = 0

  /** Wait for the command's end. @returns its exit code. */
  ended(): Promise<number | null> {
    return this.#ended
  }

  /** End it where it has not ended. */
  close(): void {
    this.#child.kill()
  }
}
