import { t, textLanguage } from '../../ui/strings.ts'
import type { CountsState } from '../activity-counts.ts'
import type { TimelineWords } from './timeline-words.ts'

/** The figures of a timeline to be read aloud: only of times that had any. */
export function TimelineTable(props: { state: CountsState; words: TimelineWords }) {
  const figures = new Intl.NumberFormat(textLanguage())
  return (
    // A table is as wide as its words whatever it is told: what hides it is a box around it.
    <div class="aloud">
      <table>
        <caption>{t('overview')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('factTime')}</th>
            <th scope="col">{t('whatCalls')}</th>
            <th scope="col">{t('whatRefused')}</th>
            <th scope="col">{t('timelineFailed')}</th>
          </tr>
        </thead>
        <tbody>
          {props.state.bars.map(({ calls, refused, failed = 0 }, at) =>
            calls === 0 ? null : (
              <tr key={props.state.edges[at]}>
                <th scope="row">{props.words.full(at)}</th>
                <td>{figures.format(calls)}</td>
                <td>{figures.format(refused)}</td>
                <td>{figures.format(failed)}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}
