/** What fails for a reason that passes is done again, for as long as it is wanted. */
import { codeOf, isPassing, Refusal } from "./failure.js"

const LATER_MS = 4_000

/** The store was closed meanwhile: what was to be shown is shown when it opens again. */
export const ignored = (): undefined => undefined

/** Answers when it is done or no longer wanted. Throws what does not pass. */
export async function persist(task: () => Promise<void>, isWanted = () => true): Promise<void> {
  for (let isDone = false; !isDone && isWanted(); ) {
    try {
      await task()
      isDone = true
    } catch (error) {
      if (!isPassing(codeOf(error))) throw error
      await later(error instanceof Refusal ? Math.max(error.retryAfterMs, LATER_MS) : LATER_MS)
    }
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
