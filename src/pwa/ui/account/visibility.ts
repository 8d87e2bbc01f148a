/** May colleagues find me by name? Asked of the server each time: another device may have changed it. */
import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import { codeOf } from "../i18n/failures.js"

export type Visibility = {
  /** Null while it is not known: then there is nothing to choose. */
  readonly hidden: boolean | null
  readonly failure: string | null
  readonly choose: (hidden: boolean) => void
}

export function useVisibility(engine: Engine): Visibility {
  const [hidden, setHidden] = useState<boolean | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    engine
      .ask("visibility", null)
      .then((answer) => setHidden(answer.hidden))
      .catch(() => undefined) // offline, for instance
  }, [])
  const choose = (wish: boolean) => {
    const before = hidden
    setHidden(wish)
    setFailure(null)
    engine.ask("setVisibility", { hidden: wish }).catch((error: unknown) => {
      setHidden(before)
      setFailure(codeOf(error))
    })
  }
  return { hidden, failure, choose }
}
