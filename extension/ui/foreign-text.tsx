import './foreign-text.css'
import { counted } from './strings.ts'
import { hiddenLength, textPieces } from './text-pieces.ts'

/**
 * Text that someone else chose: inert, never markup, and nothing in it unseen. It cannot turn or cover what stands around it.
 *
 * @param props.lines the text may go over several lines.
 */
export function ForeignText(props: { text: string; lines?: boolean }) {
  const hidden = hiddenLength(props.text)
  return (
    <bdi class={props.lines ? 'foreign foreign-lines' : 'foreign'}>
      {textPieces(props.text, props.lines).map(({ text, escaped }, at) =>
        // Pieces have no identity of their own and are never moved.
        escaped ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
      )}
      {hidden > 0 ? <em> {counted('moreCharacters', hidden)}</em> : null}
    </bdi>
  )
}
