/** Search as you type: asks once the fingers rest, shows only the answer to what stands in the field now. */
import { useEffect, useRef, useState } from "preact/hooks"
import type { DirectoryPage, Professional } from "../../bridge/models.js"
import { codeOf } from "../i18n/failures.js"
import type { Page } from "../page.js"

const restMs = 250
export const minimumLetters = 2

export type Found =
  | { readonly kind: "idle" }
  | { readonly kind: "searching"; readonly professionals: readonly Professional[] }
  | { readonly kind: "found"; readonly professionals: readonly Professional[]; readonly next: string | null }
  | { readonly kind: "failed"; readonly code: string }

export type DirectorySearch = {
  readonly query: string
  readonly found: Found
  readonly type: (query: string) => void
  readonly showMore: () => void
}

const shownIn = (found: Found): readonly Professional[] => ("professionals" in found ? found.professionals : [])

export function useDirectorySearch(page: Page): DirectorySearch {
  const [query, setQuery] = useState("")
  const [found, setFound] = useState<Found>({ kind: "idle" })
  const turn = useRef(0)

  const search = async (after: string | null, before: readonly Professional[]) => {
    const mine = ++turn.current
    setFound({ kind: "searching", professionals: before })
    try {
      const answer: DirectoryPage = await page.engine.ask("searchDirectory", { query: query.trim(), after })
      if (mine !== turn.current) return
      page.extractDate.value = answer.extractDate
      const professionals = after === null ? answer.professionals : [...before, ...answer.professionals]
      setFound({ kind: "found", professionals, next: answer.next })
    } catch (error) {
      if (mine === turn.current) setFound({ kind: "failed", code: codeOf(error) })
    }
  }

  useEffect(() => {
    turn.current++
    if (query.trim().length < minimumLetters) {
      setFound({ kind: "idle" })
      return
    }
    const timer = setTimeout(() => void search(null, shownIn(found)), restMs)
    return () => clearTimeout(timer)
  }, [query])

  return {
    query,
    found,
    type: setQuery,
    showMore: () => {
      if (found.kind === "found" && found.next !== null) void search(found.next, found.professionals)
    },
  }
}
