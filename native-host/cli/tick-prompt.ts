import { emitKeypressEvents, type Key } from 'node:readline'
import type { DescribedOperation } from '../../shared/model/described-operation.ts'
import { canPrompt } from './prompt.ts'
import { afterKey, drawn, firstScreen, type TickKey, type TickScreen } from './tick-screen.ts'
import { UsageError } from './usage-error.ts'

/** Of a terminal that does not say how large it is. */
const USUAL = { rows: 24, columns: 80 }
/** The terminal's second screen, without the cursor and without lines that go on in the next one; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const REST_OF_LINE = '\u001b[K'

const KEYS: Readonly<Record<string, TickKey>> = {
  up: { kind: 'move', by: -1 },
  down: { kind: 'move', by: 1 },
  pageup: { kind: 'move', by: -10 },
  pagedown: { kind: 'move', by: 10 },
  home: { kind: 'move', by: Number.NEGATIVE_INFINITY },
  end: { kind: 'move', by: Number.POSITIVE_INFINITY },
  return: { kind: 'done' },
  enter: { kind: 'done' },
  escape: { kind: 'leave' },
  backspace: { kind: 'erase' },
}
const LETTERS: Readonly<Record<string, TickKey>> = {
  ' ': { kind: 'toggle' },
  k: { kind: 'move', by: -1 },
  j: { kind: 'move', by: 1 },
  r: { kind: 'reading' },
  n: { kind: 'none' },
  '/': { kind: 'search' },
  q: { kind: 'leave' },
}

/** Whether a person sits at both ends: the list is shown on one and ticked on the other. */
export function canTick(): boolean {
  return canPrompt() && process.stdout.isTTY === true
}

/**
 * Have a person tick operations.
 *
 * @returns the places of those that are ticked. @throws UsageError where the person gives up.
 */
export async function tickAtTerminal(
  operations: readonly DescribedOperation[],
): Promise<ReadonlySet<number>> {
  const input = process.stdin
  emitKeypressEvents(input)
  input.setRawMode(true)
  input.resume()
  process.stderr.write(ENTER)
  try {
    return await ticked(input, firstScreen(operations))
  } finally {
    process.stderr.write(LEAVE)
    input.setRawMode(false)
    input.pause()
  }
}

function ticked(input: NodeJS.ReadStream, first: TickScreen): Promise<ReadonlySet<number>> {
  let screen = first
  draw(screen)
  const redraw = () => draw(screen)
  return new Promise<ReadonlySet<number>>((resolve, reject) => {
    const onKey = (text: string | undefined, pressed: Key) => {
      const key = keyOf(text, pressed, screen.isSearching)
      if (key === null) return
      if (key.kind === 'leave' && (pressed.ctrl === true || !screen.isSearching))
        return finish(reject, givenUp())
      if (key.kind === 'done' && !screen.isSearching) return finish(resolve, screen.ticked)
      screen = afterKey(screen, key)
      draw(screen)
    }
    const finish = <T>(settle: (value: T) => void, value: T) => {
      input.off('keypress', onKey)
      process.stdout.off('resize', redraw)
      settle(value)
    }
    input.on('keypress', onKey)
    process.stdout.on('resize', redraw)
  })
}

function givenUp(): UsageError {
  return new UsageError('given up: nothing was changed')
}

/** What a key means; null for nothing. @param isSearching letters are text then. */
function keyOf(text: string | undefined, { name, ctrl }: Key, isSearching: boolean): TickKey | null {
  if (ctrl) return name === 'c' || name === 'd' ? { kind: 'leave' } : null
  if (name !== undefined && Object.hasOwn(KEYS, name)) return KEYS[name] ?? null
  if (text === undefined || text === '') return null
  if (isSearching) return /^\P{C}+$/u.test(text) ? { kind: 'text', text } : null
  return Object.hasOwn(LETTERS, text) ? (LETTERS[text] ?? null) : null
}

function draw(screen: TickScreen): void {
  const rows = process.stdout.rows || USUAL.rows
  const columns = process.stdout.columns || USUAL.columns
  const lines = drawn(screen, { rows, columns }).map((line) => line + REST_OF_LINE)
  process.stderr.write(HOME + lines.join('\r\n'))
}
