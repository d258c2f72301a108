import { fork } from 'node:child_process'

/** A program of the bench in a process of its own. */
export interface Child<Answer> {
  /** What it said when it was ready. */
  readonly answer: Answer
  end(): void
}

/**
 * Start a program, so that its work takes no time from whoever measures; tell it something and wait for its first message.
 *
 * @throws where it ends before that.
 */
export function startChild<Answer>(file: URL, told: object): Promise<Child<Answer>> {
  const child = fork(file)
  child.send(told)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file.pathname} ended with ${code}`)))
    child.once('message', (message) => {
      const end = () => {
        if (child.connected) child.disconnect()
      }
      // It ends with whoever measures, whatever fails there.
      child.unref()
      child.channel?.unref()
      resolve({ answer: message as Answer, end })
    })
  })
}
