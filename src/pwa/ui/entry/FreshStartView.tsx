import { useState } from "preact/hooks"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"

type Props = {
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onStart: () => void
  readonly onBack: () => void
}

/** When nothing opens the account any more: what is lost, what colleagues will see, and a word typed to mean it. */
export function FreshStartView({ isWorking, failure, onStart, onBack }: Props) {
  const { fresh, app } = words()
  const [typed, setTyped] = useState("")
  const isMeant = typed.trim().toUpperCase() === fresh.word
  return (
    <EntryView
      top={
        <>
          <MarkView />
          <h1 tabIndex={-1}>{fresh.title}</h1>
          <ul class="fresh-facts">
            {fresh.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </>
      }
    >
      <form
        class="entry-actions"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (isMeant) onStart()
        }}
      >
        <div class="field">
          <label class="field-label" for="fresh-word">
            {fresh.label(fresh.word)}
          </label>
          <input
            id="fresh-word"
            class="input"
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        <button type="submit" class="button button-danger" disabled={isWorking || !isMeant}>
          {isWorking && <span class="spinner" aria-hidden="true" />}
          {isWorking ? fresh.working : fresh.action}
        </button>
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onBack}>
          {app.back}
        </button>
      </form>
    </EntryView>
  )
}
