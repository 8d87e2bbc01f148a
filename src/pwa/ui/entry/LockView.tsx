import { useState } from "preact/hooks"
import type { PinAnswer } from "../../bridge/commands.js"
import type { Provider } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"
import { PinUnlockView } from "./PinUnlockView.js"

type Props = {
  readonly withPasskey: boolean
  readonly withPin: boolean
  readonly pinAnswer: PinAnswer | null
  readonly providers: readonly Provider[]
  readonly failure: string | null
  readonly isWorking: boolean
  readonly onUnlock: () => void
  readonly onPin: (digits: string) => void
  readonly onProvider: (provider: Provider) => void
  readonly onForget: () => Promise<void>
}

/**
 * Nothing about whose device this is: a name, a button. With express login nothing else opens what is kept here, so the
 * only other way, once it has failed, is to begin anew.
 */
export function LockView(props: Props) {
  const { withPasskey, withPin, pinAnswer, providers, failure, isWorking, onUnlock, onPin, onProvider, onForget } = props
  const { app, lock, me, pin } = words()
  const [isForgetting, setForgetting] = useState(false)
  return (
    <EntryView
      top={
        <>
          <MarkView large />
          <h1 tabIndex={-1}>
            {app.name}
            <span class="visually-hidden">{lock.title}</span>
          </h1>
        </>
      }
    >
      {withPin && <PinUnlockView isWorking={isWorking} answer={pinAnswer} onPin={onPin} />}
      <div class="entry-actions">
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        {withPasskey && (
          <button type="button" class={withPin ? "button button-outline" : "button button-primary"} disabled={isWorking} onClick={onUnlock}>
            {isWorking && !withPin && <span class="spinner" aria-hidden="true" />}
            {withPin ? lock.passkey : isWorking ? lock.working : lock.unlock}
          </button>
        )}
        {!withPasskey &&
          !withPin &&
          providers.map((provider, index) => (
            <button
              type="button"
              key={provider.id}
              class={index === 0 ? "button button-primary" : "button button-outline"}
              disabled={isWorking}
              onClick={() => onProvider(provider)}
            >
              {lock.withProvider(provider.label)}
            </button>
          ))}
        {(withPasskey || withPin) && (failure !== null || pinAnswer !== null) && (
          <button type="button" class="button button-quiet" disabled={isWorking} onClick={() => setForgetting(true)}>
            {lock.cannot}
          </button>
        )}
      </div>
      {isForgetting && (
        <ConfirmView title={me.forgetTitle} text={withPasskey ? lock.forgetExplain : pin.forgetExplain} action={me.forget} onConfirm={onForget} onClose={() => setForgetting(false)} />
      )}
    </EntryView>
  )
}
