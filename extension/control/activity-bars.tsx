import { counted, t, textLanguage } from '../ui/strings.ts'
import type { CountsState } from './activity-counts.ts'

/** Words under the axis: at the first bar, in the middle and at the last one. */
const NAMED = [0, 0.5, 1]

/** Calls over time as bars, refused ones at their feet; a table says the same to whoever does not see them. */
export function ActivityBars(props: { state: CountsState; isByHour: boolean }) {
  const { bars, edges } = props.state
  const format = new Intl.DateTimeFormat(
    textLanguage(),
    props.isByHour ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' },
  )
  const nameOf = (at: number) => format.format(edges[at] ?? 0)
  const calls = bars.reduce((sum, bar) => sum + bar.calls, 0)
  const refused = bars.reduce((sum, bar) => sum + bar.refused, 0)
  const most = Math.max(1, ...bars.map((bar) => bar.calls))
  return (
    <figure class="stack-tight">
      <figcaption class="activity-caption">
        <strong>{counted('callCount', calls)}</strong>
        <span class="small soft">
          {t(props.isByHour ? 'inLastDay' : 'inLastDays', bars.length)}
          {refused === 0 ? null : ` · ${t('ofThemRefused', refused)}`}
        </span>
      </figcaption>
      <div class="activity-bars" aria-hidden="true">
        {bars.map((bar, at) => (
          <span
            key={edges[at]}
            class="activity-bar"
            title={`${nameOf(at)}: ${counted('callCount', bar.calls)}${bar.refused === 0 ? '' : ` · ${t('ofThemRefused', bar.refused)}`}`}
          >
            <span class="activity-bar-sent" style={heightOf(bar.calls - bar.refused, most)} />
            <span class="activity-bar-refused" style={heightOf(bar.refused, most)} />
          </span>
        ))}
      </div>
      <div class="activity-axis small" aria-hidden="true">
        {NAMED.map((part) => (
          <span key={part}>{nameOf(Math.round(part * (bars.length - 1)))}</span>
        ))}
      </div>
      <BarsTable state={props.state} nameOf={nameOf} />
    </figure>
  )
}

/** The same figures to be read aloud: only of hours and days that had any. */
function BarsTable(props: { state: CountsState; nameOf: (at: number) => string }) {
  const figures = new Intl.NumberFormat(textLanguage())
  return (
    <table class="aloud">
      <caption>{t('overview')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('factTime')}</th>
          <th scope="col">{t('whatCalls')}</th>
          <th scope="col">{t('whatRefused')}</th>
        </tr>
      </thead>
      <tbody>
        {props.state.bars.map(({ calls, refused }, at) =>
          calls === 0 ? null : (
            <tr key={props.state.edges[at]}>
              <th scope="row">{props.nameOf(at)}</th>
              <td>{figures.format(calls)}</td>
              <td>{figures.format(refused)}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  )
}

/** Of a hundredth at least where there is any, so that one call among thousands is still seen. */
function heightOf(count: number, most: number): { blockSize: string } {
  return { blockSize: count === 0 ? '0' : `${Math.max(1, (100 * count) / most)}%` }
}
