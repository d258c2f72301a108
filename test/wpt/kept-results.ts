import { appendFile, readFile } from 'node:fs/promises'
import type { Mode } from './modes.ts'

/** What the suite's harness said: `PASS`, `FAIL`, `TIMEOUT`, `NOTRUN` per test, and of the page itself under `page`. */
export type PageResult = Readonly<Record<string, string>>

/** One showing of one page. */
export interface Showing {
  readonly mode: Mode
  readonly path: string
  readonly result: PageResult
  /** What was said where something did not pass, by the test's name. */
  readonly messages: Readonly<Record<string, string>>
}

/** Showings, in a file that grows by a line for each: what a run that was ended early has seen, the next need not show again. */
export interface KeptResults {
  /** Every showing of a page in a mode, oldest first; empty where there was none. */
  of(mode: Mode, path: string): readonly Showing[]
  add(showing: Showing): Promise<void>
}

/** Open such a file, or begin it. */
export async function keptResults(file: string): Promise<KeptResults> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const showings = new Map<string, Showing[]>()
  const note = (showing: Showing) => {
    const key = `${showing.mode} ${showing.path}`
    showings.set(key, [...(showings.get(key) ?? []), showing])
  }
  for (const line of text.split('\n')) if (line !== '') note(JSON.parse(line) as Showing)
  return {
    of: (mode, path) => showings.get(`${mode} ${path}`) ?? [],
    async add(showing) {
      note(showing)
      await appendFile(file, `${JSON.stringify(showing)}\n`)
    },
  }
}
