import { CHAPTER, type ChapterIndex } from './chapter-index.ts'
import type { FoundLine, LineOpener, OpenEnd } from './found-line.ts'
import type { CallFacts, Facts } from './line-facts.ts'

/** A line of a chapter, and its place in the log. */
export interface ChapterLine extends FoundLine {
  readonly sequence: number
}

/**
 * The lines of a chapter below a place of the log, newest first, from its index alone: a record is opened when its line is asked for.
 *
 * @param open ends of calls that were not met yet, by the ids of these: gets those of the chapter, and loses those of calls in it.
 */
export function* chapterLines(
  index: ChapterIndex,
  chapter: number,
  below: number,
  { open, opener }: { open: Map<string, OpenEnd>; opener: LineOpener },
): Generator<ChapterLine> {
  const before = chapter * CHAPTER
  for (const { place, intent, result, problem } of index.ended)
    if (before + place < below) open.set(intent, { at: before + place, result, problem, outcome: null })
  const begun = new Map(index.begun.map(({ place, id }) => [place, id]))
  for (const { place, call, act } of placesOf(index)) {
    if (before + place >= below) continue
    const id = begun.get(place) ?? ''
    const end = call === null ? null : (endOf(index, call, before) ?? open.get(id) ?? null)
    open.delete(id)
    const facts = act ?? (call === null ? null : factsAt(index, call, end))
    const sequence = before + place
    if (facts !== null) yield { sequence, facts, line: () => opener.line(sequence, end) }
  }
}

/** Calls, by their number in the index, and acts, from the last place to the first. */
function* placesOf({ calls, acts }: ChapterIndex) {
  let call = calls.place.length - 1
  let act = acts.length - 1
  for (;;) {
    const [callPlace, actPlace] = [calls.place[call] ?? 0, acts[act]?.place ?? 0]
    if (callPlace === actPlace) return
    if (callPlace > actPlace) {
      yield { place: callPlace, call, act: null }
      call -= 1
    } else {
      yield { place: actPlace, call: null, act: actAt(acts[act]) }
      act -= 1
    }
  }
}

function actAt(act: ChapterIndex['acts'][number] | undefined): Facts | null {
  return act === undefined ? null : { kind: 'act', at: act.at, act: act.act, subject: act.subject }
}

/** How the call ended within the chapter; null: it did not. */
function endOf({ calls, groups }: ChapterIndex, at: number, before: number): OpenEnd | null {
  const ended = calls.ended[at] ?? 0
  const group = groups[calls.group[at] ?? -1]
  if (ended === 0 || group === undefined) return null
  return { at: before + ended, result: group.result, problem: group.problem, outcome: null }
}

function factsAt({ calls, groups, urls }: ChapterIndex, at: number, end: OpenEnd | null): CallFacts | null {
  const group = groups[calls.group[at] ?? -1]
  if (group === undefined) return null
  const url = calls.url[at] ?? -2
  return {
    ...group,
    at: calls.first + (calls.at[at] ?? 0),
    count: calls.count[at] ?? 1,
    url: url === -1 ? null : urls[url],
    result: end?.result ?? null,
    problem: end?.problem ?? null,
  }
}
