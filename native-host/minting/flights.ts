interface Flight<T> {
  readonly landed: Promise<T>
  readonly end: AbortController
  readonly course: { mustLand: boolean }
  passengers: number
}

/** A piece of work that is under way, as whoever does it sees it. */
export interface UnderWay {
  /** Aborted when nobody waits any more, unless it must land. */
  readonly signal: AbortSignal
  /** From now on the work goes on to its end, whoever waits for it, and whoever comes meanwhile waits for it too. */
  readonly mustLand: () => void
}

/**
 * One piece of work for everybody who wants the same at the same time. Whoever's signal is aborted leaves at once; the work
 * goes on for the others and is aborted when nobody is left, unless it must land.
 */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /** What the work gives. Rejects with what it rejects with, or with the signal's reason. @param work begun where none is under way. */
  join(key: string, signal: AbortSignal, work: (underWay: UnderWay) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const flight = this.#flights.get(key) ?? this.#start(key, work)
    flight.passengers += 1
    const { promise, reject } = Promise.withResolvers<never>()
    const leave = () => {
      reject(signal.reason)
      flight.passengers -= 1
      if (flight.passengers > 0 || flight.course.mustLand) return
      // Whoever comes now starts anew: this one is over.
      this.#remove(key, flight)
      flight.end.abort(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    return Promise.race([flight.landed, promise]).finally(() => signal.removeEventListener('abort', leave))
  }

  #start(key: string, work: (underWay: UnderWay) => Promise<T>): Flight<T> {
    const end = new AbortController()
    const course = { mustLand: false }
    const mustLand = () => {
      course.mustLand = true
    }
    const flight: Flight<T> = {
      landed: work({ signal: end.signal, mustLand }).finally(() => this.#remove(key, flight)),
      end,
      course,
      passengers: 0,
    }
    // Where everybody has left, nobody is there to be told.
    flight.landed.catch(() => {})
    this.#flights.set(key, flight)
    return flight
  }

  #remove(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
