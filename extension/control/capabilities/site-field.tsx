import { useId } from 'preact/hooks'
import type { Grant } from '../../../shared/model/grant.ts'
import { t } from '../../ui/strings.ts'

/** So many sites are offered; whichever is chosen already is one of them. */
const MOST = 100

/** For which site a call is tried: whether its owner is asked before each change is a matter of each site's own. */
export function SiteField(props: {
  /** Of the capability. None: there is nothing to choose. */
  grants: readonly Grant[]
  /** The chosen one; null: no site. */
  chosen: Grant | null
  onChoose: (grant: Grant | null) => void
}) {
  const id = useId()
  const { grants, chosen } = props
  if (grants.length === 0) return null
  const first = grants.slice(0, MOST)
  const offered = chosen === null || first.includes(chosen) ? first : [chosen, ...first]
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('trySite')}
      </label>
      <select
        id={id}
        class="field-input"
        value={chosen?.id ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget
          props.onChoose(offered.find((grant) => grant.id === value) ?? null)
        }}
      >
        <option value="">{t('trySiteNone')}</option>
        {offered.map((grant) => (
          <option key={grant.id} value={grant.id}>
            {siteText(grant)}
          </option>
        ))}
      </select>
    </div>
  )
}

/** A site as one line: its origin, the one it is shown in, and whether its changes are asked about. */
function siteText({ origin, topOrigin, askWrites }: Grant): string {
  const place = topOrigin === origin ? origin : `${origin} ${t('insideOf')} ${topOrigin}`
  return askWrites ? t('trySiteAsks', place) : place
}
