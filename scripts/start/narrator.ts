import { styleText } from 'node:util'

/** Tells a person what happens, step by step, and counts what did not go as promised. */
export interface Narrator {
  /** Begin a step. */
  step(title: string): void
  /** One line of a step: a short label and what there is to say. */
  line(label: string, text: string): void
  /** A promise of the product and whether it held. */
  check(label: string, held: boolean, text: string): void
  /** Text that arrives in pieces, printed as it comes. @returns a function that ends it. */
  stream(label: string): { write(text: string): void; end(): void }
  /** How many promises did not hold so far. */
  readonly broken: number
}

const LABEL = 10

/** A narrator on the standard output. Colours only where a terminal shows them. */
export function createNarrator(out: NodeJS.WriteStream = process.stdout): Narrator {
  let steps = 0
  let broken = 0
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, { stream: out })
  const write = (label: string, text: string) => {
    const [first = '', ...rest] = text.split('\n')
    out.write(`   ${paint('dim', label.padEnd(LABEL))} ${first}\n`)
    for (const line of rest) out.write(`   ${' '.repeat(LABEL)} ${line}\n`)
  }
  return {
    step: (title) => out.write(`\n${paint('bold', `${++steps}  ${title}`)}\n`),
    line: write,
    check: (label, held, text) => {
      if (!held) broken++
      write(label, `${held ? paint('green', '✓') : paint('red', '✗')} ${text}`)
    },
    stream: (label) => {
      out.write(`   ${paint('dim', label.padEnd(LABEL))} `)
      return {
        write: (text) => out.write(text.replaceAll('\n', `\n   ${' '.repeat(LABEL)} `)),
        end: () => out.write('\n'),
      }
    },
    get broken() {
      return broken
    },
  }
}
