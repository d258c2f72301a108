import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import { Waiting } from '../../ui/waiting.tsx'
import type { ControlModel, ControlState } from '../model.ts'
import { useAnswer } from '../use-answer.ts'
import { BrowsersCard } from './browsers-card.tsx'
import { FindingsCard } from './findings-card.tsx'
import { HostCard } from './host-card.tsx'
import { RunningCard } from './running-card.tsx'

const DEVICES = { name: 'devices' } as const
const DOCTOR = { name: 'doctor' } as const

/** What the host says of itself and of this machine, and what doctor finds. */
export function MachineCards(props: {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
}) {
  const { state, model, owner } = props
  // Anew whenever the vault opens or locks, and when sessions come or go.
  const fresh = `${state.owner.state?.vault} ${state.owner.state?.live}`
  const devices = useAnswer(owner, DEVICES, fresh)
  const doctor = useAnswer(owner, DOCTOR, fresh)
  const again = () => Promise.all([devices.again(), doctor.again()])
  // Where all is as it was, nothing else would tell that it was looked at.
  const lookAgain = async () => {
    await again()
    model.say(t('checkedAgain'))
  }
  const refusal = devices.refusal ?? doctor.refusal
  if (devices.value === null || doctor.value === null)
    return refusal === null ? <Waiting text={t('hostLooking')} /> : <Notice tone="danger">{refusal}</Notice>
  // Browsers have a card of their own, with more than the finding.
  const others = doctor.value.filter(({ check }) => check !== 'profile' && !check.startsWith('browser:'))
  const isOpen = state.screen === 'ready' || state.screen === 'no-keys'
  return (
    <>
      {refusal === null ? null : <Notice tone="danger">{refusal}</Notice>}
      <FindingsCard
        findings={others}
        isOpen={isOpen}
        model={model}
        onMended={() => void again()}
        onAgain={() => void lookAgain()}
      />
      <BrowsersCard browsers={devices.value.browsers} />
      <RunningCard running={devices.value.running} model={model} onEnded={() => void again()} />
      <HostCard host={devices.value.host} />
    </>
  )
}
