import { EXIT, type ExitCode } from './exit-code.ts'

/** Where a command's answer and its remarks go. Under `--json` stdout carries one JSON value and nothing else. */
export class Terminal {
  readonly json: boolean
  /** What the process will end with when the command itself did not fail. */
  exitCode: ExitCode = EXIT.done

  constructor(json: boolean) {
    this.json = json
  }

  /**
   * The command's answer.
   *
   * @param value printed under `--json`.
   * @param text the same for a person, printed otherwise. Empty: nothing is printed.
   */
  answer(value: unknown, text: string): void {
    const line = this.json ? JSON.stringify(value) : printable(text)
    if (line !== '') process.stdout.write(`${line}\n`)
  }

  /** A remark for a person, on stderr. */
  note(text: string): void {
    process.stderr.write(`${printable(text)}\n`)
  }

  /** Raw bytes to stdout, no faster than the reader takes them. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (process.stdout.write(bytes)) return
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
  }
}

/**
 * Text safe to show in a terminal: control characters become visible.
 * SECURITY: methods and URLs in the audit come from pages, and a terminal obeys escape sequences.
 */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
