import { Fragment } from 'preact'
import './foreign-text.css'
import { counted } from './strings.ts'
import { hiddenLength, textPieces } from './text-pieces.ts'

/**
 * Text that someone else chose: inert, never markup, and nothing in it unseen. It cannot turn or cover what stands around it.
 *
 * @param props.lines the text may go over several lines. @param props.path it is a path, or may hold one, which goes on in the next line behind the name of a folder.
 */
export function ForeignText(props: { text: string; lines?: boolean; path?: boolean }) {
  const hidden = hiddenLength(props.text)
  return (
    <bdi class={props.lines ? 'foreign foreign-lines' : 'foreign'}>
      {textPieces(props.text, props.lines).map(({ text, escaped }, at) =>
        // Pieces have no identity of their own and are never moved.
        escaped ? (
          <mark key={at}>{text}</mark>
        ) : (
          <span key={at}>{props.path === true ? <Folders path={text} /> : text}</span>
        ),
      )}
      {hidden > 0 ? <em> {counted('moreCharacters', hidden)}</em> : null}
    </bdi>
  )
}

/** Names of folders and of a file, between which a line may end: no browser ends one behind a slash by itself. */
function Folders(props: { path: string }) {
  const names = props.path.split(/(?<=[/\\])(?=[^/\\])/)
  return (
    <>
      {names.map((name, at) => (
        // Names have no identity of their own and are never moved.
        <Fragment key={at}>
          {at === 0 ? null : <wbr />}
          {name}
        </Fragment>
      ))}
    </>
  )
}
