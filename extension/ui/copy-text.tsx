import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from './button.tsx'
import './copy-text.css'
import { t } from './strings.ts'

/** How long the button says that it has copied, in milliseconds. */
const SAY_COPIED_MS = 2000

/**
 * Text to take elsewhere, with a button that copies it.
 *
 * @param props.of what it is, for the button's spoken name: `the command`.
 */
export function CopyText(props: { text: string; of: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(props.text)
    setCopied(true)
    setTimeout(() => setCopied(false), SAY_COPIED_MS)
  }
  return (
    <div class="copy-text">
      <code dir="ltr">
        <Words text={props.text} />
      </code>
      <Button kind="quiet" small label={t('copyOf', props.of)} onPress={copy}>
        {copied ? t('copied') : t('copy')}
      </Button>
      <span class="aloud" role="status">
        {copied ? t('copied') : ''}
      </span>
    </div>
  )
}

/** Each word of a command in a piece of its own; a code of one word may break wherever it has room for no more. */
function Words({ text }: { text: string }) {
  const words = text.split(' ')
  if (words.length === 1) return <>{text}</>
  return (
    <>
      {words.map((word, at) => (
        // Words have no identity of their own and are never moved.
        <Fragment key={at}>
          {at === 0 ? null : ' '}
          <span class="copy-word">{word}</span>
        </Fragment>
      ))}
    </>
  )
}
