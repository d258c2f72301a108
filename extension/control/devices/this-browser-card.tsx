import { PROTOCOL_VERSION } from '../../../shared/protocol/limits.ts'
import { Card } from '../../ui/card.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { OriginText } from '../../ui/origin-text.tsx'
import { counted, t } from '../../ui/strings.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { Fact } from './fact.tsx'
import { originOfPattern } from './origin-of-pattern.ts'
import { type ThisBrowser, useThisBrowser } from './this-browser.ts'

/** Sites that are named here; the Sites room has all that were given something. */
const MOST_NAMED = 12

/** This browser: which it is, which extension it has, and what it lets that do. Known without any host. */
export function ThisBrowserCard(props: { hostProtocol: number | null }) {
  const found = useThisBrowser()
  if (found === null) return <Waiting text={t('thisBrowserTitle')} />
  const { name } = found
  return (
    <Card title={t('thisBrowserTitle')}>
      <h2>{t('thisBrowserTitle')}</h2>
      <dl class="device-facts">
        <Fact name={t('factBrowser')}>
          {name === null ? t('browserUnknown') : <ForeignText text={`${name.name} ${name.version}`} />}
        </Fact>
        <Fact name={t('factExtension')}>{found.extension}</Fact>
        <Fact name={t('factProtocol')}>
          {props.hostProtocol === null || props.hostProtocol === PROTOCOL_VERSION
            ? PROTOCOL_VERSION
            : t('protocolsDiffer', PROTOCOL_VERSION, props.hostProtocol)}
        </Fact>
        <Fact name={t('factPrivate')}>{privateText(found.inPrivate)}</Fact>
      </dl>
      <ReachedSites patterns={found.patterns} />
    </Card>
  )
}

function privateText(inPrivate: ThisBrowser['inPrivate']): string {
  if (inPrivate === null) return t('browserUnknown')
  return t(inPrivate ? 'privateYes' : 'privateNo')
}

function ReachedSites(props: { patterns: readonly string[] }) {
  const { patterns } = props
  const sites = patterns.map(originOfPattern)
  const wide = patterns.filter((_, at) => sites[at] === null)
  const named = sites.filter((site) => site !== null)
  return (
    <div class="stack-tight">
      <h3>{t('reachTitle')}</h3>
      {patterns.length === 0 ? <p class="soft">{t('reachNone')}</p> : null}
      {wide.length === 0 ? null : (
        <Notice tone="warn">
          {t('reachWide')}{' '}
          <code dir="ltr">
            <ForeignText text={wide.join(' ')} />
          </code>
        </Notice>
      )}
      {named.length === 0 ? null : (
        <>
          {wide.length > 0 ? null : <p class="soft">{counted('reachSites', named.length)}</p>}
          <ul class="device-sites">
            {named.slice(0, MOST_NAMED).map((site) => (
              <li key={site}>
                <OriginText origin={site} />
              </li>
            ))}
          </ul>
          {named.length <= MOST_NAMED ? null : (
            <p class="soft">{counted('reachMore', named.length - MOST_NAMED)}</p>
          )}
        </>
      )}
      <p class="small soft">
        {t('reachText')} <a href="#sites">{t('roomSites')}</a>
      </p>
    </div>
  )
}
