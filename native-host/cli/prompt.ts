import { UsageError } from './usage-error.ts'

const ENTER = new Set(['\r', '\n', '\u0004'])
const ERASE = new Set(['\u007f', '\b'])

/** Whether a person can be asked. */
export function canPrompt(): boolean {
  return process.stdin.isTTY === true
}

/**
 * Ask for a secret without showing it.
 *
 * @param question shown on stderr, so that stdout stays clean.
 * @throws UsageError where nobody can be asked, or the person pressed Ctrl-C.
 */
export async function promptSecret(question: string): Promise<string> {
  if (!canPrompt()) throw new UsageError('there is no terminal to ask at: give it on stdin or in a file')
  process.stderr.write(`${question}: `)
  const input = process.stdin
  input.setRawMode(true)
  input.setEncoding('utf8')
  input.resume()
  try {
    return await readHidden(input)
  } finally {
    input.setRawMode(false)
    input.pause()
    process.stderr.write('\n')
  }
}

/** Ask for a new passphrase twice. @throws UsageError where the two differ. */
export async function promptNewPassphrase(): Promise<string> {
  const first = await promptSecret('New passphrase')
  const second = await promptSecret('The same again')
  if (first !== second) throw new UsageError('the two passphrases differ: nothing was changed')
  return first
}

async function readHidden(input: NodeJS.ReadStream): Promise<string> {
  const typed: string[] = []
  return new Promise((resolve, reject) => {
    const onData = (chunk: string) => {
      for (const character of chunk) {
        if (character === '\u0003')
          return finish(() => reject(new UsageError('given up: nothing was changed')))
        if (ENTER.has(character)) return finish(() => resolve(typed.join('')))
        if (ERASE.has(character)) typed.pop()
        else typed.push(character)
      }
    }
    const finish = (settle: () => void) => {
      input.off('data', onData)
      settle()
    }
    input.on('data', onData)
  })
}
