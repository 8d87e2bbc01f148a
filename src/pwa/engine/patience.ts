/** Waiting for an answer, but not for ever. */
import { Refusal } from "./failure.js"

/** What was asked, or a refusal with `offline` when it takes longer than that. */
export function orOffline<T>(asked: Promise<T>, patienceMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Refusal("offline"))
    }, patienceMs)
    asked.then(resolve, reject).finally(() => {
      clearTimeout(timer)
    })
  })
}
