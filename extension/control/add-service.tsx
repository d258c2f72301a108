import { useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import type { ServiceSummary } from '../../shared/protocol/commands.ts'
import type { Owner } from '../ui/owner.ts'
import { PresetChoice } from './preset-choice.tsx'
import { ServiceForm } from './service-form.tsx'
import { ServiceTest } from './service-test.tsx'

/**
 * Pick a preset, paste the key, test it.
 *
 * @param props.taken ids of the services there are. @param props.onChanged a service was added or taken back.
 */
export function AddService(props: {
  owner: Pick<Owner, 'send'>
  taken: readonly string[]
  onDone: () => void
  onChanged: () => void
}) {
  const [preset, setPreset] = useState<Preset | null>(null)
  const [service, setService] = useState<ServiceSummary | null>(null)
  if (preset === null) return <PresetChoice onChoose={setPreset} />
  if (service === null) {
    return (
      <ServiceForm
        preset={preset}
        owner={props.owner}
        taken={props.taken}
        onBack={() => setPreset(null)}
        onAdded={setService}
      />
    )
  }
  const takeBack = async () => {
    await props.owner.send({ name: 'service-remove', id: service.id }).catch(() => null)
    setService(null)
    props.onChanged()
  }
  return <ServiceTest owner={props.owner} service={service} onDone={props.onDone} onTakeBack={takeBack} />
}
