/** How many messages of a discussion are erased within three days, as the engine counts them in the whole of it. */
import { useEffect, useState } from "preact/hooks"

/** Asked where it is going to be shown only, and again when the discussion keeps its messages for another time. */
export function useVanishing(count: () => Promise<number>, retentionDays: number, isShown: boolean): number {
  const [vanishing, setVanishing] = useState(0)
  useEffect(() => {
    if (isShown) count().then(setVanishing, () => undefined)
  }, [retentionDays, isShown])
  return vanishing
}
