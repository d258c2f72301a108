import { useEffect, useState } from 'preact/hooks'

/** Something with a state that tells of changes. */
interface Telling<S> {
  readonly state: S
  onChange(listener: (state: S) => void): () => void
}

/** The state of a page's model, rendered again on every change. */
export function useStateOf<S>(model: Telling<S>): S {
  const [state, setState] = useState(model.state)
  useEffect(() => {
    // What changed between the first render and now was told to nobody.
    setState(model.state)
    return model.onChange(setState)
  }, [model])
  return state
}
