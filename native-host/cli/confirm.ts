import { canPrompt } from './prompt.ts'

/** Ask a person at the terminal for a yes. Anything else, and nobody there, is a no. @param question shown on stderr. */
export async function confirm(question: string): Promise<boolean> {
  if (!canPrompt()) return false
  const input = process.stdin
  process.stderr.write(`${question} [y/N] `)
  input.setEncoding('utf8')
  input.resume()
  try {
    const answer = await new Promise<string>((resolve) => {
      input.once('data', (typed: string | Buffer) => resolve(String(typed)))
      input.once('end', () => resolve(''))
    })
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    input.pause()
  }
}
