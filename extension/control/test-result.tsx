import type { ServiceTestResult } from '../../shared/protocol/commands.ts'
import { Notice } from '../ui/notice.tsx'
import { asSentence } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { testWords } from './test-words.ts'

/** What a test call showed, in words; what the host adds to it, as text. */
export function TestResult(props: { result: ServiceTestResult }) {
  const words = testWords(props.result)
  const { status, message } = props.result
  return (
    <Notice tone={words.tone}>
      <strong>{t(words.title)}</strong>
      <p>{t(words.text)}</p>
      {message === '' ? null : <p class="small soft">{asSentence(message)}</p>}
      {status === null ? null : <p class="small soft">{t('answeredStatus', status)}</p>}
    </Notice>
  )
}
