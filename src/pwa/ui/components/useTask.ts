/** One action at a time, with its failure kept for the screen. */
import { useState } from "preact/hooks"
import { codeOf } from "../i18n/failures.js"

export type Task = { readonly isRunning: boolean; readonly failure: string | null; readonly run: (work: () => Promise<void>) => void }

export function useTask(): Task {
  const [isRunning, setRunning] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const perform = async (work: () => Promise<void>) => {
    setRunning(true)
    setFailure(null)
    try {
      await work()
    } catch (error) {
      setFailure(codeOf(error))
    } finally {
      setRunning(false)
    }
  }
  return {
    isRunning,
    failure,
    run: (work) => {
      if (!isRunning) void perform(work)
    },
  }
}
