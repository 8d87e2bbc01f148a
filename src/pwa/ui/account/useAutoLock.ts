/** The lock that needs no gesture, where something other than the professional account opens this device again. */
import { useEffect } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { Me } from "../../bridge/models.js"
import { watchHidden } from "./autoLock.js"
import { delayWithin } from "./lockDelay.js"

export const opensHere = (me: Me): boolean => me.expressLogin || me.pin !== null

export function useAutoLock(engine: Engine, me: Me): void {
  const isWatched = opensHere(me)
  const afterSeconds = delayWithin(me.lockSeconds)
  useEffect(() => {
    if (!isWatched) return
    return watchHidden(() => void engine.ask("lock", null), afterSeconds * 1_000)
  }, [isWatched, afterSeconds])
}
