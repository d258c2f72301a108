import { useMemo, useState } from 'preact/hooks'
import type { Capability } from '../../../shared/model/capability.ts'
import { isPlain, type NotCompared, type PresetUpdate } from '../../../shared/model/preset-change.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { counted, type MessageName, t } from '../../ui/strings.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { ConfirmButton } from '../confirm-button.tsx'
import type { ControlModel } from '../model.ts'
import { useAnswer } from '../use-answer.ts'
import { ChangeList } from './change-list.tsx'

interface Props {
  service: ServiceSummary
  capabilities: readonly Capability[]
  owner: Pick<Owner, 'send'>
  model: ControlModel
  /** Something was decided: where nothing is left to decide, this is gone, and the focus with it. */
  onDecided: () => void
}

/** Says that a service's preset has changed, and shows in words how, for its owner to take over or to leave. */
export function PresetUpdateNotice(props: Props) {
  const { service } = props
  const [isOpen, setOpen] = useState(false)
  const { plain, asked } = service.presetChanges ?? { plain: 0, asked: 0 }
  if (plain + asked === 0) return null
  return (
    <>
      <Notice>
        <p role="status">{counted('presetChanged', plain + asked)}</p>
        <div class="row">
          <Button
            small
            {...(isOpen ? {} : { label: t('presetLookOf', service.label) })}
            onPress={() => setOpen(!isOpen)}
          >
            {t(isOpen ? 'cancel' : 'presetLook')}
          </Button>
        </div>
      </Notice>
      {isOpen ? <Compared {...props} /> : null}
    </>
  )
}

function Compared(props: Props) {
  const { service } = props
  const ask = useMemo(() => ({ name: 'service-update-preview', id: service.id }) as const, [service.id])
  // The list of services is a new one after each change in the host.
  const { value, refusal, again } = useAnswer(props.owner, ask, service)
  if (refusal !== null) return <Notice tone="danger">{refusal}</Notice>
  if (value === null) return <Waiting text={t('presetReading')} />
  return <Deciding key={value.digest} {...props} update={value} again={again} />
}

function Deciding(props: Props & { update: PresetUpdate; again: () => void }) {
  const { service, model, update } = props
  const { changes, digest } = update
  const [ticked, setTicked] = useState<ReadonlySet<string>>(
    () => new Set(changes.filter(isPlain).map(({ id }) => id)),
  )
  const [busy, setBusy] = useState(false)
  const adopt = changes.filter(({ id }) => ticked.has(id))
  const rest = changes.filter(({ id }) => !ticked.has(id)).map(({ id }) => id)
  const opens = adopt.some((each) => each.opens)
  const order = async (decided: { adopt: string[]; keep: string[] }, done: string) => {
    setBusy(true)
    // SECURITY: said only by the press that was asked for what becomes possible.
    const widen = opens && decided.adopt.length > 0 ? { widen: true as const } : {}
    const isDone = await model.order(
      { name: 'service-update', id: service.id, digest, ...decided, ...widen },
      done,
    )
    setBusy(false)
    if (isDone) props.onDecided()
    props.again()
  }
  const takeOver = () =>
    void order({ adopt: adopt.map(({ id }) => id), keep: [] }, t('presetAdopted', service.label))
  return (
    <div class="stack">
      <ChangeList
        changes={changes}
        capabilities={props.capabilities}
        ticked={ticked}
        onTick={(id, on) => {
          const others = [...ticked].filter((each) => each !== id)
          setTicked(new Set(on ? [...others, id] : others))
        }}
      />
      <NotComparedNotes update={update} capabilities={props.capabilities} />
      <div class="row">
        {adopt.length === 0 ? null : opens && !busy ? (
          <ConfirmButton text={t('presetAdopt')} question={t('presetAdoptAsk')} onConfirm={takeOver} />
        ) : (
          <Button small busy={busy} onPress={takeOver}>
            {t('presetAdopt')}
          </Button>
        )}
        {rest.length === 0 ? null : (
          <ConfirmButton
            text={t('presetKeep')}
            question={t('presetKeepAsk')}
            onConfirm={() => void order({ adopt: [], keep: rest }, t('presetKept', service.label))}
          />
        )}
      </div>
    </div>
  )
}

const LEFT: Record<NotCompared, MessageName> = {
  gone: 'presetLeftGone',
  value: 'presetLeftValue',
  unknown: 'presetLeftUnknown',
}

function NotComparedNotes(props: { update: PresetUpdate; capabilities: readonly Capability[] }) {
  return (
    <>
      {props.update.left.map(({ capability, why }) => {
        const name = props.capabilities.find(({ id }) => id === capability)?.label ?? t('presetItself')
        return (
          <p key={capability ?? ''} class="small soft">
            {t(LEFT[why], name)}
          </p>
        )
      })}
    </>
  )
}
