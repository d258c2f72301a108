import type { Capability } from '../../../shared/model/capability.ts'
import type { CapabilityWords } from '../../ui/capability-words.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { RiskChips } from '../../ui/risk-chips.tsx'
import { counted, t } from '../../ui/strings.ts'
import { capabilityHash } from '../room.ts'

/** One capability in the list: what it gives away, and how many have it. */
export function CapabilityRow(props: {
  capability: Capability
  words: CapabilityWords
  sites: number
  live: number
}) {
  const { capability, words } = props
  return (
    <li>
      <div class="grow stack-tight">
        <h2>
          <a href={capabilityHash(capability.id)}>
            <ForeignText text={words.title} />
          </a>
        </h2>
        <p class="small soft capability-text">
          <ForeignText text={words.text} lines />
        </p>
        <RiskChips risks={words.risks} />
        <p class="small soft">
          {props.sites === 0 ? t('givenNowhere') : counted('givenToSites', props.sites)}
          {props.live === 0 ? null : ` · ${counted('liveNow', props.live)}`}
        </p>
      </div>
    </li>
  )
}
