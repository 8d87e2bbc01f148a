import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"

const draftAfterMs = 400
const typingEveryMs = 3_000
/** The envelope holds 60,000 bytes; a character is at most four of them, padding and signature aside. */
const maxCharacters = 12_000

type Props = {
  readonly draft: string
  readonly failure: string | null
  /** True where a keyboard with a real Enter key is likely: there Enter sends. */
  readonly entersSend: boolean
  /** Answers whether the message was taken; if not, its text comes back under the cursor. */
  readonly onSend: (text: string) => Promise<boolean>
  readonly onDraft: (text: string) => void
  readonly onTyping: () => void
}

/** Grows to five lines. What is typed is kept as a draft, also when the screen is left or locked. */
export function ComposerView({ draft, failure, entersSend, onSend, onDraft, onTyping }: Props) {
  const text = words().discussion
  const [typed, setTyped] = useState(draft)
  const area = useRef<HTMLTextAreaElement>(null)
  const saved = useRef(draft)
  const latest = useRef(draft)
  const toldTypingAt = useRef(0)
  latest.current = typed

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
    if (entersSend) area.current?.focus({ preventScroll: true })
    return () => {
      document.removeEventListener("visibilitychange", saveHidden)
      saveNow.current()
    }
  }, [])

  useLayoutEffect(() => {
    if (area.current === null) return
    area.current.style.height = "auto"
    area.current.style.height = `${area.current.scrollHeight}px`
  }, [typed])

  const input = (value: string) => {
    latest.current = value
    setTyped(value)
    if (value.trim() === "" || Date.now() - toldTypingAt.current < typingEveryMs) return
    toldTypingAt.current = Date.now()
    onTyping()
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
          onInput={(event) => input(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!entersSend || event.key !== "Enter" || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        <button type="submit" class="composer-send" aria-label={text.send} disabled={typed.trim() === ""} onPointerDown={(event) => event.preventDefault()}>
          <IconView name="send" />
        </button>
      </div>
    </form>
  )
}
