/** Finding in one discussion: by words, or by a date. */
import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import { NoticeView } from "../components/NoticeView.js"
import { SearchView } from "../components/SearchView.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import { DayView } from "./SearchFiltersView.js"
import { dayStartMs } from "./searchModel.js"

type FindProps = { readonly found: (query: string, onOpened: () => void) => ComponentChildren; readonly onClose: () => void }

export function FindView({ found, onClose }: FindProps) {
  const text = words().find
  const [query, setQuery] = useState("")
  return (
    <SheetView title={text.within} onClose={onClose}>
      <div class="find-within">
        <SearchView label={text.within} placeholder={text.sought} value={query} onInput={setQuery} />
        {found(query, onClose)}
      </div>
    </SheetView>
  )
}

type DateProps = { readonly onDate: (atMs: number) => Promise<boolean>; readonly onClose: () => void }

export function GoToDateView({ onDate, onClose }: DateProps) {
  const text = words().find
  const [day, setDay] = useState("")
  const [isNone, setNone] = useState(false)
  const atMs = dayStartMs(day)
  const go = (event: Event) => {
    event.preventDefault()
    if (atMs === null) return
    onDate(atMs).then(
      (isFound) => {
        if (isFound) onClose()
        else setNone(true)
      },
      () => setNone(true),
    )
  }
  return (
    <SheetView title={text.goToDate} onClose={onClose}>
      <form class="sheet-form" onSubmit={go}>
        <DayView
          id="go-to-date"
          label={text.day}
          value={day}
          onInput={(value) => {
            setNone(false)
            setDay(value)
          }}
        />
        {isNone && <NoticeView tone="attention" text={text.noneSince} />}
        <button type="submit" class="button button-primary button-wide" disabled={atMs === null}>
          {text.go}
        </button>
      </form>
    </SheetView>
  )
}
