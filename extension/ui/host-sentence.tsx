import { ForeignText } from './foreign-text.tsx'
import { quotedPieces } from './quoted-pieces.ts'

/** A sentence of the host's about this machine: what it sets between backticks is shown as what is typed, without them. */
export function HostSentence(props: { text: string }) {
  return (
    <>
      {quotedPieces(props.text).map(({ text, quoted }, at) => {
        // Pieces have no identity of their own and are never moved.
        const piece = <ForeignText key={at} text={text} path={quoted} />
        return quoted ? (
          <code key={at} class="small" dir="ltr">
            {piece}
          </code>
        ) : (
          piece
        )
      })}
    </>
  )
}
