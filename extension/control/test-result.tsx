import type { ServiceSummary, ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import { Notice } from '../ui/notice.tsx'
import { hostSentence } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { saysMore, testWords } from './test-words.ts'
import { warningText } from './warning-words.ts'

/** What a test call of a service showed, in words; what the host adds to it, as text; and what it warns of. */
export function TestResult(props: { result: ServiceTestResult; service: Pick<ServiceSummary, 'secrets'> }) {
  const words = testWords(props.result, props.service.secrets.length === 0)
  const { status, outcome, warnings = [] } = props.result
  return (
    <div class="stack-tight">
      <Notice tone={words.tone}>
        <strong>{t(words.title)}</strong>
        <p>{t(words.text)}</p>
        {saysMore(props.result) ? <p class="small soft">{hostSentence(props.result)}</p> : null}
        {status === null ? null : <p class="small soft">{t('answeredStatus', status)}</p>}
      </Notice>
      {warnings.map((warning) => (
        <Notice key={warning.message} tone="warn">
          <p>{warningText(warning, outcome)}</p>
        </Notice>
      ))}
    </div>
  )
}
