import type { ComponentChildren } from "preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import type { Intent, Person } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { IconView } from "../components/IconView.js"
import { fullName, professionOf } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { IntentChipView } from "./IntentView.js"
import { completed, suggestionsFor } from "./messageModel.js"

const draftAfterMs = 400
const typingEveryMs = 3_000
/** The envelope holds 60,000 bytes; a character is at most four of them, padding and signature aside. */
const maxCharacters = 12_000

type Props = {
  /** What is in the field at first. */
  readonly draft: string
  readonly failure: string | null
  /** True where a keyboard with a real Enter key is likely: there Enter sends. */
  readonly entersSend: boolean
  readonly nowMs: number
  readonly intent: Intent
  /** Who can be mentioned: nobody in a direct discussion. */
  readonly people: readonly Person[]
  /** What is written about: the message that is answered or changed. */
  readonly about: { readonly label: string; readonly line: string; readonly cancel: string; readonly onCancel: () => void } | null
  readonly isEdit: boolean
  /** Beside the intent: what else than words can be sent. */
  readonly tools?: ComponentChildren
  /** Answers whether the message was taken; if not, its text comes back under the cursor. */
  readonly onSend: (text: string) => Promise<boolean>
  readonly onIntent: (intent: Intent) => void
  readonly onDraft: (text: string) => void
  readonly onTyping: () => void
}

/** Grows to five lines. What is typed is kept as a draft, also when the screen is left or locked. */
export function ComposerView(props: Props) {
  const { draft, failure, entersSend, nowMs, intent, people, about, isEdit, tools, onSend, onIntent, onDraft, onTyping } = props
  const { discussion: text, message } = words()
  const [typed, setTyped] = useState(draft)
  const [caret, setCaret] = useState(draft.length)
  const area = useRef<HTMLTextAreaElement>(null)
  const saved = useRef(draft)
  const latest = useRef(draft)
  const toldTypingAt = useRef(0)
  latest.current = typed
  const suggestions = suggestionsFor(typed.slice(0, caret), people)

  const save = () => {
    if (latest.current === saved.current) return
    saved.current = latest.current
    onDraft(latest.current)
  }
  const saveNow = useRef(save)
  saveNow.current = save

  useEffect(() => {
    const timer = setTimeout(() => saveNow.current(), draftAfterMs)
    return () => clearTimeout(timer)
  }, [typed])

  useEffect(() => {
    const saveHidden = () => saveNow.current()
    document.addEventListener("visibilitychange", saveHidden)
    if (entersSend || isEdit) area.current?.focus({ preventScroll: true })
    return () => {
      document.removeEventListener("visibilitychange", saveHidden)
      saveNow.current()
    }
  }, [])

  // Whoever chose to answer writes next.
  const aboutLine = about?.line
  useEffect(() => {
    if (aboutLine !== undefined) area.current?.focus({ preventScroll: true })
  }, [aboutLine])

  useLayoutEffect(() => {
    if (area.current === null) return
    area.current.style.height = "auto"
    area.current.style.height = `${area.current.scrollHeight}px`
  }, [typed])

  const input = (value: string, at: number) => {
    latest.current = value
    setTyped(value)
    setCaret(at)
    if (value.trim() === "" || Date.now() - toldTypingAt.current < typingEveryMs) return
    toldTypingAt.current = Date.now()
    onTyping()
  }
  const complete = (person: Person) => {
    const before = completed(typed.slice(0, caret), person)
    input(before + typed.slice(caret), before.length)
    area.current?.focus({ preventScroll: true })
  }
  const offer = async (written: string) => {
    if (!(await onSend(written.trim())) && latest.current === "") setTyped(written)
  }
  const send = () => {
    if (typed.trim() === "") return
    void offer(typed)
    latest.current = ""
    saved.current = ""
    setTyped("")
    toldTypingAt.current = 0
    area.current?.focus({ preventScroll: true })
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {failure !== null && (
        <p class="field-error" role="alert" id="composer-error">
          <IconView name="alert" small />
          {failure}
        </p>
      )}
      {suggestions.length > 0 && <SuggestionsView people={suggestions} onChoose={complete} />}
      {about !== null && (
        <div class="composer-about">
          <p>
            <strong>{about.label}</strong>
            <span class="clamp-1">{about.line}</span>
          </p>
          <button type="button" class="icon-button" aria-label={about.cancel} onClick={about.onCancel}>
            <IconView name="close" />
          </button>
        </div>
      )}
      {!isEdit && (
        <div class="composer-tools">
          <IntentChipView intent={intent} nowMs={nowMs} onIntent={onIntent} />
          {tools}
        </div>
      )}
      <div class="composer-line">
        <textarea
          ref={area}
          class="composer-text"
          rows={1}
          maxLength={maxCharacters}
          value={typed}
          placeholder={text.write}
          aria-label={text.write}
          aria-describedby={failure === null ? undefined : "composer-error"}
          enterkeyhint={entersSend ? "send" : "enter"}
          autoCapitalize="sentences"
          onInput={(event) => input(event.currentTarget.value, event.currentTarget.selectionStart)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && about !== null) about.onCancel()
            if (!entersSend || event.key !== "Enter" || event.shiftKey || event.isComposing) return
            event.preventDefault()
            const [first] = suggestions
            if (first === undefined) send()
            else complete(first)
          }}
        />
        <button
          type="submit"
          class="composer-send"
          aria-label={isEdit ? message.saveEdit : text.send}
          disabled={typed.trim() === ""}
          onPointerDown={(event) => event.preventDefault()}
        >
          <IconView name={isEdit ? "check" : "send"} />
        </button>
      </div>
    </form>
  )
}

function SuggestionsView({ people, onChoose }: { readonly people: readonly Person[]; readonly onChoose: (person: Person) => void }) {
  return (
    <ul class="suggestions" aria-label={words().message.mentions}>
      {people.map((person) => (
        <li key={person.account}>
          <button type="button" class="row" onPointerDown={(event) => event.preventDefault()} onClick={() => onChoose(person)}>
            <AvatarView professional={person.professional} size="small" />
            <span class="row-body">
              <span class="row-title">{fullName(person.professional)}</span>
              <span class="row-line">{professionOf(person.professional)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
