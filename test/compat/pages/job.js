/**
 * Make a page's job known, for whoever looks from outside. `run` gets the service's address, the placeholder, a prompt,
 * and `piece`, to be called with each piece of text as it comes. `pieces` counts them, and `outcome` has how it ended.
 */
export function job(run) {
  const state = { pieces: 0, outcome: null }
  const work = async (given) => {
    let text = ''
    const piece = (more) => {
      if (!more) return
      text += more
      state.pieces += 1
    }
    const result = await run({ ...given, piece })
    return { text, ...result }
  }
  const start = (given) => {
    Object.assign(state, { pieces: 0, outcome: null })
    work(given).then(
      (result) => {
        state.outcome = { result }
      },
      (error) => {
        state.outcome = { failure: `${error?.name}: ${error?.message}\n${error?.stack}` }
      },
    )
  }
  globalThis.job = { start, state }
}
