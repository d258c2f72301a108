import { useEffect, useState } from 'preact/hooks'
import { Card } from '../ui/card.tsx'
import { useCatalogue } from '../ui/catalogue.ts'
import { HostTrouble } from '../ui/host-trouble.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import { UnlockForm } from '../ui/unlock-form.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { AddService } from './add-service.tsx'
import { ConnectHowTo } from './connect-how-to.tsx'
import { type FirstRunStep, firstRunStep } from './first-run-step.ts'
import { FirstRunSteps } from './first-run-steps.tsx'
import type { ControlModel, ControlState } from './model.ts'
import { NewVault } from './new-vault.tsx'
import { PlaygroundCard } from './playground-card.tsx'
import { RecoverySheet } from './recovery-sheet.tsx'
import { TryWithoutKey } from './try-without-key.tsx'
import { type PlaygroundHandle, usePlayground } from './use-playground.ts'

interface Props {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
}

/** From nothing to a working service: host, vault, service, and how to connect a site. */
export function FirstRun(props: Props) {
  const [recoveryCode, setRecoveryCode] = useState<string | null>(null)
  const { screen } = props.state
  // At hand when its step comes: the focus comes to what is there then.
  useCatalogue()
  const [adding, setAdding] = useState(screen === 'no-keys')
  useEffect(() => {
    if (screen === 'no-keys') setAdding(true)
  }, [screen])
  const step = firstRunStep(screen, recoveryCode !== null, adding)
  return (
    <>
      <div class="stack no-print">
        <h1>{t('welcomeTitle')}</h1>
        <p class="control-lead">{t('welcomeText')}</p>
        <FirstRunSteps step={step} />
      </div>
      {recoveryCode === null ? (
        <Step
          {...props}
          step={step}
          onVault={setRecoveryCode}
          onService={() => setAdding(false)}
          onMore={() => setAdding(true)}
        />
      ) : (
        <RecoverySheet code={recoveryCode} onStored={() => setRecoveryCode(null)} />
      )}
    </>
  )
}

interface StepProps extends Props {
  step: FirstRunStep
  onVault: (recoveryCode: string) => void
  onService: () => void
  onMore: () => void
}

function Step(props: StepProps) {
  const { state, model, owner, step } = props
  const playground = usePlayground(owner)
  if (step === 'host') return <HostStep state={state} model={model} />
  if (step === 'connect') return <ConnectStep {...props} playground={playground} />
  if (step === 'service') return <ServiceStep {...props} playground={playground} />
  if (state.screen === 'no-vault') return <NewVault owner={owner} onMade={props.onVault} />
  return (
    <Card title={t('unlockTitle')}>
      <h2>{t('unlockTitle')}</h2>
      <p class="soft">{t('vaultIsThere')}</p>
      <UnlockForm owner={owner} slots={state.owner.status?.slots ?? []} focus />
    </Card>
  )
}

function ServiceStep(props: StepProps & { playground: PlaygroundHandle }) {
  const { state, model, owner, playground, onService } = props
  const taken = (state.owner.services ?? []).map((service) => service.id)
  const opened = () => {
    model.refresh()
    onService()
  }
  return (
    <AddService
      first={<TryWithoutKey playground={playground} onOpened={opened} />}
      owner={owner}
      taken={taken}
      onDone={onService}
      onChanged={() => model.refresh()}
    />
  )
}

function ConnectStep(props: StepProps & { playground: PlaygroundHandle }) {
  const { state, model, playground } = props
  return (
    <>
      <PlaygroundCard playground={playground} onClosed={() => model.refresh()} />
      <ConnectHowTo services={state.owner.services ?? []} onMore={props.onMore} />
    </>
  )
}

function HostStep(props: { state: ControlState; model: ControlModel }) {
  const { screen } = props.state
  const trouble =
    screen === 'missing' || screen === 'forbidden' || screen === 'mismatch' || screen === 'exited'
  return (
    <Card title={t('stepHost')}>
      {trouble ? (
        <HostTrouble trouble={screen} state={props.state.owner.state} onAgain={() => props.model.refresh()} />
      ) : (
        <Waiting text={t('starting')} />
      )}
    </Card>
  )
}
