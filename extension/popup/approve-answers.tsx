import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ApprovalAnswer, ApprovalSummary } from '../../shared/model/approval.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { counted, type MessageName, t } from '../ui/strings.ts'
import type { ApproveModel, ApproveState } from './approve-model.ts'

const LONGER: readonly { answer: ApprovalAnswer; text: MessageName }[] = [
  { answer: 'ten-minutes', text: 'allowTenMinutes' },
  { answer: 'session', text: 'allowSession' },
]

/** What the owner may say. Deny has the focus; every Allow waits until the call has been in front for a while. */
export function ApproveAnswers(props: { state: ApproveState; shown: ApprovalSummary; model: ApproveModel }) {
  const { state, shown, model } = props
  const deny = useRef<HTMLButtonElement>(null)
  // Before it is painted: whoever sees the question can already answer it by a key.
  useLayoutEffect(() => {
    // Zoomed in the answers may be out of sight: what is asked is to be seen first.
    deny.current?.focus({ preventScroll: true })
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.isTrusted && !event.repeat) void model.answer(shown, 'deny')
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [shown, model])
  const answer = (given: ApprovalAnswer) => () => void model.answer(shown, given)
  const inert = !state.armed || state.answering
  return (
    <footer class="approve-answers">
      {state.error === null ? null : <Notice tone="danger">{state.error}</Notice>}
      <div class="approve-pair">
        <Button element={deny} inert={state.answering} onPress={answer('deny')}>
          {t('deny')}
        </Button>
        <Button kind="primary" inert={inert} onPress={answer('once')}>
          {t('allowOnce')}
        </Button>
      </div>
      <fieldset class="approve-longer">
        <legend class="small soft">{t(shown.why === 'write' ? 'allowLongerWrites' : 'allowLonger')}</legend>
        <div class="approve-pair">
          {LONGER.map((longer) => (
            <Button key={longer.answer} small inert={inert} onPress={answer(longer.answer)}>
              {t(longer.text)}
            </Button>
          ))}
        </div>
      </fieldset>
      {state.others === 0 ? null : (
        <Button kind="danger" small wide inert={state.answering} onPress={() => void model.denySite()}>
          {counted('denySite', state.others + 1)}
        </Button>
      )}
    </footer>
  )
}
