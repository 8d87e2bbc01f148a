import { useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"
import { FreshStartView } from "./FreshStartView.js"
import "../account/recovery.css"

type Props = {
  readonly canUsePasskeys: boolean
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onPasskey: () => void
  readonly onRecover: (code: string) => void
  readonly onStartAfresh: () => void
  readonly onNotMe: () => void
}

/** The account exists and the professional account alone may not open it: what does. */
export function CannotEnrolView(props: Props) {
  const { canUsePasskeys, isWorking, failure, onPasskey, onNotMe } = props
  const { welcome, recovery, fresh, app } = words()
  const [way, setWay] = useState<"none" | "code" | "fresh">("none")
  const onBack = () => setWay("none")
  if (way === "code") return <EnterCodeView {...props} onBack={onBack} />
  if (way === "fresh") return <FreshStartView isWorking={isWorking} failure={failure} onStart={props.onStartAfresh} onBack={onBack} />
  return (
    <EntryView
      top={
        <>
          <MarkView />
          <h1 tabIndex={-1}>{welcome.cannotTitle}</h1>
          <p>{welcome.cannotExplain}</p>
        </>
      }
    >
      <div class="entry-actions">
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        {canUsePasskeys && (
          <button type="button" class="button button-primary" disabled={isWorking} onClick={onPasskey}>
            {welcome.cannotPasskey}
          </button>
        )}
        <button type="button" class="button button-outline" disabled={isWorking} onClick={() => setWay("code")}>
          {recovery.enter}
        </button>
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={() => setWay("fresh")}>
          {fresh.offer}
        </button>
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onNotMe}>
          {app.back}
        </button>
      </div>
    </EntryView>
  )
}

function EnterCodeView({ isWorking, failure, onRecover, onBack }: Props & { readonly onBack: () => void }) {
  const { recovery, app } = words()
  const [typed, setTyped] = useState("")
  return (
    <EntryView
      top={
        <>
          <span class="offer-picture offer-picture-small">
            <IconView name="key" />
          </span>
          <h1 tabIndex={-1}>{recovery.enterTitle}</h1>
          <p>{recovery.enterExplain}</p>
        </>
      }
    >
      <form
        class="entry-actions"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim() !== "") onRecover(typed)
        }}
      >
        <div class="field">
          <label class="field-label" for="recovery-code">
            {recovery.field}
          </label>
          <textarea
            id="recovery-code"
            class="input input-code"
            rows={2}
            maxLength={80}
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        <button type="submit" class="button button-primary" disabled={isWorking}>
          {isWorking && <span class="spinner" aria-hidden="true" />}
          {isWorking ? recovery.opening : recovery.open}
        </button>
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onBack}>
          {app.back}
        </button>
      </form>
    </EntryView>
  )
}
