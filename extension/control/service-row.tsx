import { useRef, useState } from 'preact/hooks'
import type { Capability } from '../../shared/model/capability.ts'
import type { ServiceSummary, ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import { ConfirmButton } from './confirm-button.tsx'
import type { ControlModel } from './model.ts'
import { Initials } from './preset-choice.tsx'
import { PresetOffersNotice } from './preset-update/preset-offers.tsx'
import { PresetUpdateNotice } from './preset-update/preset-update.tsx'
import { ReplaceKey } from './replace-key.tsx'
import { SignIn } from './sign-in.tsx'
import { TestResult } from './test-result.tsx'

/** One service: where it lives, what can be given of it, and its test, its new key and its removal. */
export function ServiceRow(props: {
  service: ServiceSummary
  capabilities: Capability[]
  owner: Pick<Owner, 'send'>
  model: ControlModel
}) {
  const { service } = props
  const [busy, setBusy] = useState(false)
  const [replacing, setReplacing] = useState(false)
  const opener = useRef<HTMLDivElement>(null)
  const [result, setResult] = useState<ServiceTestResult | string | null>(null)
  const test = async () => {
    setBusy(true)
    setResult(await props.owner.send({ name: 'service-test', id: service.id }).catch(refusalText))
    setBusy(false)
  }
  // What is closed takes the focus with it.
  const focusFirst = () => requestAnimationFrame(() => opener.current?.querySelector('button')?.focus())
  const closeForm = () => {
    setReplacing(false)
    focusFirst()
  }
  const replaced = () => {
    closeForm()
    void test()
  }
  const remove = () =>
    void props.model.order(
      { name: 'service-remove', id: service.id },
      t('serviceRemoved', labelText(service.label)),
    )
  return (
    <li>
      <Initials label={labelText(service.label)} />
      <div class="grow stack">
        <ServiceFacts service={service} capabilities={props.capabilities} />
        <PresetUpdateNotice
          service={service}
          capabilities={props.capabilities}
          owner={props.owner}
          model={props.model}
          onDecided={focusFirst}
        />
        <PresetOffersNotice service={service} model={props.model} onDecided={focusFirst} />
        {replacing ? (
          <ReplaceKey service={service} model={props.model} onReplaced={replaced} onClose={closeForm} />
        ) : null}
        <div class="row" ref={opener}>
          {service.secrets.length === 0 || replacing ? null : (
            <Button
              small
              label={t('replaceKeyOf', labelText(service.label))}
              onPress={() => {
                setResult(null)
                setReplacing(true)
              }}
            >
              {t('replaceKey')}
            </Button>
          )}
          {service.signIn ? (
            <SignIn
              service={service}
              owner={props.owner}
              onBegin={() => setResult(null)}
              onEnd={(trouble) => (trouble === null ? void test() : setResult(trouble))}
            />
          ) : null}
          <Button small busy={busy} label={t('testOf', labelText(service.label))} onPress={test}>
            {t(busy ? 'testing' : 'test')}
          </Button>
          <ConfirmButton
            text={t('remove')}
            label={t('removeOf', labelText(service.label))}
            question={t('serviceRemoveAsk')}
            onConfirm={remove}
          />
        </div>
        <div role="status">
          {typeof result === 'string' ? <Notice tone="danger">{result}</Notice> : null}
          {result !== null && typeof result === 'object' ? (
            <TestResult result={result} service={service} />
          ) : null}
        </div>
      </div>
    </li>
  )
}

function ServiceFacts(props: { service: ServiceSummary; capabilities: Capability[] }) {
  const { service } = props
  return (
    <div class="stack-tight">
      <h2>
        <bdi>{labelText(service.label)}</bdi>{' '}
        <span class="small soft">{service.id === service.preset ? '' : service.id}</span>
      </h2>
      {service.baseUrls.map((url) => (
        <code key={url} class="small soft" dir="ltr">
          {url}
        </code>
      ))}
      <div class="row">
        {service.local ? <Chip tone="danger">{t('riskLocal')}</Chip> : null}
        {service.secrets.length === 0 ? <Chip>{t('withoutKey')}</Chip> : null}
        {props.capabilities.map((capability) => (
          <Chip key={capability.id}>{labelText(capability.label)}</Chip>
        ))}
      </div>
    </div>
  )
}
